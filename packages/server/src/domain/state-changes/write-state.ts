import {
  JSON_NULL,
  type OrchestrationResult,
  type RunKind,
  type RunState,
  type RunStateDetails,
  secondsBetween,
  type Timestamp,
} from '@mintaka/contract';
import { stateDetailsFromJson, storedStateDetails } from '../../database/codecs/state-details.ts';
import type { ReadSession, WriteSession } from '../../database/database.ts';
import type { RunInTransition, StoredRunPatch } from '../../database/dialects/state-change.ts';
import type {
  CurrentState,
  Proposal,
  RunColumns,
  RunPatch,
  TransitionResult,
} from '../../orchestration/context.ts';
import type { Context } from '../context.ts';

/** The current state of a run, as far as the run's row contains it. */
export type StoredState = CurrentState & { message: string | null; state_details: RunStateDetails };

/** The answer to a proposal, and whether this request wrote a state, which is not part of the body. */
export type StateChangeResult = OrchestrationResult & { wrote: boolean };

/** The current state of a run. */
export function currentState(run: RunInTransition): StoredState | null {
  const { state_id: id, current_type: type, current_name: name, current_timestamp: timestamp } = run;
  if (id === null || type === null || name === null || timestamp === null) return null;
  const state_details = stateDetailsFromJson(run.current_details);
  return { id, type, name, timestamp, message: run.current_message, state_details };
}

/** Writes the result of a transition, reports it to the metrics once it is durable, and returns the API's answer. */
export function applyTransition(
  context: Context,
  session: WriteSession,
  kind: RunKind,
  {
    run,
    current,
    proposal,
    now,
  }: { run: { id: string }; current: StoredState | null; proposal: Proposal; now: Timestamp },
  transition: TransitionResult<RunColumns>,
): StateChangeResult {
  writeState(context, session, kind, run.id, transition, now);
  reportMetrics(context, session, kind, proposal, transition);
  const { state, status, details } = transition;
  // If a run keeps its state, the API shows it without its data.
  const kept = current === null ? null : { ...current, data: JSON_NULL };
  return { state: state ?? kept, status, details, wrote: state !== undefined };
}

/** Reports the result of a proposal once it is durable. */
function reportMetrics(
  { observer }: Context,
  session: WriteSession,
  kind: RunKind,
  proposal: Proposal,
  { status, patch, run }: TransitionResult<RunColumns>,
): void {
  session.afterCommit(() => {
    observer.stateAnswered(kind, proposal.type, status);
    const { start_time: started } = patch;
    if (started === undefined || started === null) return;
    const expected = run.expected_start_time ?? started;
    observer.runStarted(kind, Math.max(0, secondsBetween(expected, started)));
  });
}

/**
 * Writes the result of a transition: the state, its data as an artifact, the run's changed columns. The statements are sent
 * without waiting; if one fails, the transaction fails.
 */
function writeState(
  context: Context,
  session: WriteSession,
  table: RunKind,
  runId: string,
  { state, patch }: { state: RunState | undefined; patch: Readonly<RunPatch> },
  now: Timestamp,
): void {
  const { stateChange } = session.dialect.questions;
  if (state !== undefined) {
    const artifactId =
      state.data.text === JSON_NULL.text ? null : writeArtifact(context, session, table, runId, state, now);
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
  now: Timestamp,
): string {
  const id = context.random.id();
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
