import type { Context } from '../domain/context.ts';
import type { Log } from '../log.ts';
import { type LoopObserver, loop, type Service } from './loop.ts';

/** From one round to the next, in seconds. */
const loopSeconds = 15;

/** The loop that deletes changes that every server has read. */
export function changeCleanup(context: Context, log: Log, observer?: LoopObserver): Service {
  return loop({
    name: 'change cleanup',
    seconds: loopSeconds,
    log,
    observer,
    runOnce: () => context.database.changes.forgetOld(),
  });
}
