import { JSON_NULL, type RunKind, type RunState } from '@mintaka/contract';
import type { StateResponse } from '../../database/codecs/state.ts';
import { stateDetailsFromJson, storedStateDetails } from '../../database/codecs/state-details.ts';
import type { ReadSession, WriteSession } from '../../database/database.ts';
import type { RunInTransition, StoredRunPatch } from '../../database/dialects/state-change.ts';
import type { CurrentState, RunPatch } from '../../orchestration/context.ts';
import type { Context } from '../context.ts';

/** The current state of a run as the rules look at it. */
export function currentState(run: RunInTransition): CurrentState | null {
  const { state_id: id, current_type: type, current_name: name, current_timestamp: timestamp } = run;
  if (id === null || type === null || name === null || timestamp === null) return null;
  return { id, type, name, timestamp, state_details: stateDetailsFromJson(run.current_details) };
}

/** The state that a run keeps, as the API answers it beside WAIT and ABORT: without its data. */
export function keptState(run: RunInTransition): StateResponse | null {
  const kept = currentState(run);
  if (kept === null) return null;
  const state_details = stateDetailsFromJson(run.current_details);
  return { ...kept, message: run.current_message, data: JSON_NULL, state_details };
}

/**
 * Writes what a transition came to: the state, its data as an artifact, the run's changed columns. The statements are
 * sent without waiting; where one fails, the transaction does.
 */
export function writeState(
  context: Context,
  session: WriteSession,
  table: RunKind,
  runId: string,
  { state, patch }: { state: RunState | undefined; patch: Readonly<RunPatch> },
): void {
  const { stateChange } = session.dialect.questions;
  const now = context.clock.now();
  if (state !== undefined) {
    const artifactId =
      state.data.text === JSON_NULL.text ? null : writeArtifact(context, session, table, runId, state);
    const { id, type, name, timestamp, message, state_details } = state;
    const details = storedStateDetails(state_details);
    stateChange.insertState(
      session,
      table,
      runId,
      { id, type, name, timestamp, message, details, artifactId },
      now,
    );
  }
  const stored = storedPatch(session, patch);
  const changed = state === undefined ? stored : { ...stored, state_id: state.id };
  if (Object.keys(changed).length > 0) {
    stateChange.updateRun(session, table, runId, { ...changed, updated: now });
  }
}

function writeArtifact(
  context: Context,
  session: WriteSession,
  table: RunKind,
  runId: string,
  state: RunState,
): string {
  const id = context.random.id();
  const now = context.clock.now();
  const values = { id, created: now, updated: now, data: state.data.text, metadata_: 'null' };
  const owner = table === 'flow_run' ? { flow_run_id: runId } : { task_run_id: runId };
  session.send(session.sql.insertInto('artifact').values({ ...values, ...owner }));
  return id;
}

function storedPatch(
  session: ReadSession,
  { total_run_time, empirical_policy, ...plain }: Readonly<RunPatch>,
): StoredRunPatch {
  return {
    ...plain,
    ...(total_run_time === undefined
      ? {}
      : { total_run_time: session.dialect.bindings.interval(total_run_time) }),
    ...(empirical_policy === undefined ? {} : { empirical_policy: empirical_policy.text }),
  };
}
