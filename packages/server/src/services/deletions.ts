import type { Context } from '../domain/context.ts';
import { finishRecordedDeletions } from '../domain/upkeep/recorded-deletions.ts';
import type { Log } from '../log.ts';
import { type LoopObserver, loop, type Service } from './loop.ts';

/** The interval of checks for deletions without progress, in seconds. */
const loopSeconds = 10;
/**
 * The time without progress after which a deletion is taken over, in seconds: the pause between two steps is a fraction of a
 * second.
 */
const idleSeconds = 30;

/** The loop that finishes deletions that an earlier server or a request did not finish. */
export function deletions(context: Context, log: Log, observer?: LoopObserver): Service {
  const service = 'deletions';
  let isFirstRound = true;
  return loop({
    name: service,
    seconds: loopSeconds,
    log,
    observer,
    runOnce: async () => {
      // After a start, the deletions of the previous server are continued immediately.
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
