import type { Operations } from '@mintaka/contract';
import type { FastifyBaseLogger } from 'fastify';
import type { Context } from '../../domain/context.ts';
import { createReadiness, type Readiness } from '../../domain/readiness.ts';
import { type Handlers, ok } from '../handler.ts';
import { apiVersion } from '../version.ts';

/** Handles the operations for health and version. The reason why the server is not ready is only logged. */
export function rootHandlers(context: Context, log: FastifyBaseLogger): Handlers<Operations['root']> {
  const readiness = createReadiness(context, () => performance.now());
  const logChange = changesTo(log);
  return {
    health: () => ok(true),
    ready: async () => {
      const outcome = await readiness();
      logChange(outcome);
      return outcome.ready ? ok(true) : { status: 503, value: false };
    },
    version: () => ok(apiVersion),
    hello: () => ok('👋'),
  };
}

/** Logs a line when the server becomes unready, and one when it is ready again. */
function changesTo(log: FastifyBaseLogger): (readiness: Readiness) => void {
  let wasReady = true;
  return (readiness) => {
    if (readiness.ready === wasReady) return;
    wasReady = readiness.ready;
    if (readiness.ready) log.warn('the server is ready again');
    else log.warn({ reason: readiness.reason }, 'the server is not ready');
  };
}
