import type { Context } from '../domain/context.ts';
import { cleanUpCancelledRuns } from '../domain/upkeep/cancelled-runs.ts';
import { endStuckCancellations } from '../domain/upkeep/stuck-cancellations.ts';
import type { Log } from '../log.ts';
import { type LoopObserver, loop, type Service } from './loop.ts';

/**
 * The loop that cancels open task runs and subflows of cancelled flow runs, and ends cancellations that no process will end.
 */
export function cancellationCleanup(context: Context, log: Log, observer?: LoopObserver): Service {
  const name = 'cancellation cleanup';
  return loop({
    name,
    seconds: context.settings.services.cancellationCleanup.loopSeconds,
    log,
    observer,
    runOnce: async () => {
      const onFailure = (run: string, error: unknown) =>
        log.error({ err: error, service: name, run }, 'could not cancel a run');
      const open = await cleanUpCancelledRuns(context, onFailure);
      if (open > 0) log.info({ service: name, runs: open }, 'cancelled open runs');
      const stuck = await endStuckCancellations(context, onFailure);
      if (stuck > 0) log.info({ service: name, runs: stuck }, 'cancelled runs that never started');
    },
  });
}
