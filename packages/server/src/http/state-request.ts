import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from '../domain/context.ts';
import { type RequestIdentity, rememberLostAnswer } from '../domain/state-changes/replay.ts';
import type { OrchestrationResult } from '../domain/state-changes/result.ts';

/** What tells this request for a new state from others: its `Idempotency-Key`, and a hash of its body. */
export function identityOf(request: FastifyRequest): RequestIdentity {
  const key = request.headers['idempotency-key'];
  return {
    requestId: typeof key === 'string' && key !== '' ? key : null,
    fingerprint: () => {
      const hash = createHash('sha256').update(request.url);
      return (request.body instanceof Buffer ? hash.update(request.body) : hash).digest('base64');
    },
  };
}

/**
 * Watches an answer that wrote a state on its way out. Where the connection is gone before the operating system took the
 * answer, nobody received it, and the same request gets it when it comes again.
 */
export function watchAnswer(
  context: Context,
  reply: FastifyReply,
  identity: RequestIdentity,
  runId: string,
  result: OrchestrationResult,
): void {
  const { state, wrote } = result;
  if (!wrote || state === null || identity.requestId !== null) return;
  const { request, raw } = reply;
  let handedOver = false;
  const look = () => {
    if (handedOver) return;
    rememberLostAnswer(context, { runId, stateId: state.id, result }, identity).catch((error: unknown) => {
      request.log.error({ err: error, runId }, 'could not remember that an answer was lost');
    });
  };
  raw.once('finish', () => {
    handedOver = true;
  });
  if (raw.destroyed) look();
  else raw.once('close', look);
}
