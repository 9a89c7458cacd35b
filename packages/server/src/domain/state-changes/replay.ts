import {
  type JsonText,
  type RunKind,
  type SetStateDetails,
  type SetStateStatus,
  storedJson,
  type Timestamp,
} from '@mintaka/contract';
import { selectFlowRunStates, selectTaskRunStates, stateFromRow } from '../../database/codecs/state.ts';
import { objectOf, text } from '../../database/codecs/values.ts';
import type { ReadSession, WriteSession } from '../../database/database.ts';
import type { RunInTransition } from '../../database/dialects/state-change.ts';
import { isReplay } from '../../orchestration/replay.ts';
import { proveByRow } from '../commit-proofs.ts';
import type { Context } from '../context.ts';
import type { StateChangeResult } from './write-state.ts';

/** The minimum time for which an answer is kept, in seconds; clients give up long before. */
export const answerMemory = 3600;

/** Identifies a request for a new state. */
export type RequestIdentity = {
  /** The client's `Idempotency-Key`, repeated in each attempt; null without one. */
  requestId: string | null;
  /** A hash of the body; computed only if needed. */
  fingerprint(): string;
};

/**
 * The stored answer, if the request is a repetition of the one that wrote the run's current state, after its answer was lost;
 * undefined for every other request.
 */
export async function repeatedAnswer(
  session: WriteSession,
  kind: RunKind,
  run: RunInTransition,
  identity: RequestIdentity | undefined,
): Promise<StateChangeResult | undefined> {
  if (run.answered_fingerprint === null || run.state_id === null || identity === undefined) return undefined;
  const request = { requestId: identity.requestId, fingerprint: identity.fingerprint() };
  const answered = {
    requestId: run.answered_request_id,
    fingerprint: run.answered_fingerprint,
    stateId: run.state_id,
    answerLost: run.answered_lost ?? false,
  };
  if (!isReplay(request, run.state_id, answered)) return undefined;
  if (request.requestId === null) forget(session, run.id);
  return {
    state: await readState(session, kind, run.state_id),
    status: statusOf(run.answered_status),
    details: detailsOf(run.answered_details),
    wrote: false,
  };
}

/** An answer that wrote a state, to be remembered. */
export type WrittenAnswer = { runId: string; stateId: string; result: StateChangeResult };

/** Stores an answer in the same transaction, if its request has an id under which it can be repeated. */
export function rememberAnswer(
  session: WriteSession,
  kind: RunKind,
  answer: WrittenAnswer,
  identity: RequestIdentity | undefined,
  now: Timestamp,
): void {
  const hasId = identity !== undefined && identity.requestId !== null;
  if (hasId) remember(session, answer, identity, { answerLost: false, now });
  proveByRow(session, kind === 'flow_run' ? 'flow_run_state' : 'task_run_state', answer.stateId);
}

/** Stores an answer that was not received, so that the next equal request gets it. */
export function rememberLostAnswer(
  context: Context,
  answer: WrittenAnswer,
  identity: RequestIdentity,
): Promise<void> {
  const { clock, database } = context;
  return database.transaction(async (session) =>
    remember(session, answer, identity, { answerLost: true, now: clock.now() }),
  );
}

function remember(
  session: WriteSession,
  { runId, stateId, result }: WrittenAnswer,
  identity: RequestIdentity,
  { answerLost, now }: { answerLost: boolean; now: Timestamp },
): void {
  const answer = {
    state_id: stateId,
    request_id: identity.requestId,
    fingerprint: identity.fingerprint(),
    answer_lost: answerLost,
    status: result.status,
    details: storedJson({ ...result.details }),
    answered: now,
  };
  const { sql } = session;
  session.send(
    sql
      .insertInto('mintaka_answered_request')
      .values({ run_id: runId, ...answer })
      .onConflict((on) => on.column('run_id').doUpdateSet(answer)),
  );
}

function forget(session: WriteSession, runId: string): void {
  session.send(session.sql.deleteFrom('mintaka_answered_request').where('run_id', '=', runId));
}

async function readState(session: ReadSession, kind: RunKind, id: string) {
  const row = await session.first(
    kind === 'flow_run'
      ? selectFlowRunStates(session.sql).where('flow_run_state.id', '=', id)
      : selectTaskRunStates(session.sql).where('task_run_state.id', '=', id),
  );
  return row === undefined ? null : stateFromRow(row);
}

// Only answers that wrote a state are stored: those that accept, and those that set another state.
function statusOf(stored: string | null): SetStateStatus {
  return stored === 'REJECT' ? 'REJECT' : 'ACCEPT';
}

function detailsOf(stored: JsonText | null): SetStateDetails {
  const { reason } = objectOf(stored);
  if (reason === undefined) return { type: 'accept_details' };
  return { type: 'reject_details', reason: text(reason) ?? '' };
}
