import type { FastifyBaseLogger } from 'fastify';
import type { Context } from '../domain/context.ts';
import { cleanUpCancelledRuns } from '../domain/upkeep/cancelled-runs.ts';
import { type LoopObserver, loop, type Service } from './loop.ts';

/** The loop that cancels what cancelled flow runs have left open. */
export function cancellationCleanup(
  context: Context,
  log: FastifyBaseLogger,
  observer?: LoopObserver,
): Service {
  const name = 'cancellation cleanup';
  return loop({
    name,
    seconds: context.settings.services.cancellationCleanup.loopSeconds,
    log,
    observer,
    runOnce: async () => {
      const runs = await cleanUpCancelledRuns(context, (run, error) =>
        log.error({ err: error, service: name, run }, 'an open run could not be cancelled'),
      );
      if (runs > 0) log.info({ service: name, runs }, 'cancelled open runs');
    },
  });
}
