import type { Context } from '../domain/context.ts';
import type { Log } from '../log.ts';
import { type LoopObserver, loop, type Service } from './loop.ts';

/** The interval in seconds: a client retries two seconds after it lost an answer. */
const loopSeconds = 1;

/** The loop that learns which answers other servers have lost. */
export function lostAnswers({ lostAnswers }: Context, log: Log, observer?: LoopObserver): Service {
  return loop({
    name: 'lost answers',
    seconds: loopSeconds,
    log,
    observer,
    runOnce: () => lostAnswers.learn(),
  });
}
