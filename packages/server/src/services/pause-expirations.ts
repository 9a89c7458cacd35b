import type { Context } from '../domain/context.ts';
import { failExpiredPauses } from '../domain/upkeep/expired-pauses.ts';
import type { Log } from '../log.ts';
import { type LoopObserver, loop, type Service } from './loop.ts';

/** The loop that fails paused runs if they were not resumed in time. */
export function pauseExpirations(context: Context, log: Log, observer?: LoopObserver): Service {
  const name = 'pause expirations';
  return loop({
    name,
    seconds: context.settings.services.pauseExpirations.loopSeconds,
    log,
    observer,
    runOnce: async () => {
      const runs = await failExpiredPauses(context, (run, error) =>
        log.error({ err: error, service: name, run }, 'could not fail an expired paused run'),
      );
      if (runs > 0) log.info({ service: name, runs }, 'failed expired paused runs');
    },
  });
}
