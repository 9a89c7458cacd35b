import type { Context } from '../domain/context.ts';
import { type RequestIdentity, rememberLostAnswer } from '../domain/state-changes/replay.ts';
import type { StateChangeResult } from '../domain/state-changes/write-state.ts';
import type { SentAnswer } from './handler.ts';

type OrchestratedAnswer = SentAnswer & { status: 200 | 201; value: Omit<StateChangeResult, 'wrote'> };

/** The answer to a proposed state: 201 if a state was written, else 200. */
export function orchestrated({ wrote, ...value }: StateChangeResult): OrchestratedAnswer {
  return { status: wrote ? 201 : 200, value };
}

/**
 * The same to a client that may send its proposal again. With an `Idempotency-Key` the written answer is remembered
 * already; without one it is remembered if it is lost on its way, and the same request then gets it.
 */
export function repeatable(
  context: Context,
  identity: RequestIdentity,
  runId: string,
  result: StateChangeResult,
): OrchestratedAnswer {
  const answer = orchestrated(result);
  const { state, wrote } = result;
  if (!wrote || state === null || identity.requestId !== null) return answer;
  const written = { runId, stateId: state.id, result };
  return { ...answer, whenLost: () => rememberLostAnswer(context, written, identity) };
}
