import type { FastifyBaseLogger } from 'fastify';
import type { Context } from '../domain/context.ts';
import { finishRecordedDeletions } from '../domain/upkeep/recorded-deletions.ts';
import { type LoopObserver, loop, type Service } from './loop.ts';

/** How often to look for deletions that nobody works on, in seconds. */
const loopSeconds = 10;
/** After how many seconds without work nobody works on a deletion: the pause between two steps is a fraction of one. */
const idleSeconds = 30;

/** The loop that finishes deletions which an earlier server, or a request, has not brought to their end. */
export function deletions(context: Context, log: FastifyBaseLogger, observer?: LoopObserver): Service {
  const service = 'deletions';
  let isFirstRound = true;
  return loop({
    name: service,
    seconds: loopSeconds,
    log,
    observer,
    runOnce: async () => {
      // After a start, the deletions of the server that was here before are taken up at once.
      const idle = isFirstRound ? 0 : idleSeconds;
      isFirstRound = false;
      await finishRecordedDeletions(context, idle, {
        finished: (target) => log.info({ service, ...target }, 'finished a deletion'),
        failed: (target, error) =>
          log.warn({ service, ...target, err: error }, 'could not finish a deletion; retrying'),
      });
    },
  });
}
