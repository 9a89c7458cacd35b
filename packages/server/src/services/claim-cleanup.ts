import type { Context } from '../domain/context.ts';
import { giveBackLostClaims } from '../domain/own/claim-records.ts';
import type { Log } from '../log.ts';
import { type LoopObserver, loop, type Service } from './loop.ts';

/** From one round to the next, in seconds. */
const loopSeconds = 15;

/** The loop that returns claimed runs whose worker did not receive them. */
export function claimCleanup(context: Context, log: Log, observer?: LoopObserver): Service {
  const name = 'claim cleanup';
  return loop({
    name,
    seconds: loopSeconds,
    log,
    observer,
    runOnce: async () => {
      const runs = await giveBackLostClaims(context);
      if (runs === 0) return;
      log.warn({ service: name, runs }, 'rescheduled claimed runs whose worker did not receive them');
    },
  });
}
