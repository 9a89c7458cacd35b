import type { Context } from '../domain/context.ts';
import { type RequestIdentity, rememberLostAnswer } from '../domain/state-changes/replay.ts';
import type { StateChangeResult } from '../domain/state-changes/write-state.ts';
import type { SentAnswer } from './handler.ts';

type OrchestratedAnswer = SentAnswer & { status: 200 | 201; value: Omit<StateChangeResult, 'wrote'> };

/** The answer to a proposed state: 201 if a state was written, otherwise 200. */
export function orchestrated({ wrote, ...value }: StateChangeResult): OrchestratedAnswer {
  return { status: wrote ? 201 : 200, value };
}

/**
 * The same answer, prepared for a repeated request. With an `Idempotency-Key` the answer has already been stored. Without one
 * it is stored if it is lost, and the next equal request gets it.
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
