import type { Context } from '../domain/context.ts';
import { markLateRuns } from '../domain/upkeep/late-runs.ts';
import type { Log } from '../log.ts';
import { type LoopObserver, loop, type Service } from './loop.ts';

/** The loop that marks runs as late if they were not started in time. */
export function lateRuns(context: Context, log: Log, observer?: LoopObserver): Service {
  const name = 'late runs';
  return loop({
    name,
    seconds: context.settings.services.lateRuns.loopSeconds,
    log,
    observer,
    runOnce: async () => {
      const runs = await markLateRuns(context, (run, error) =>
        log.error({ err: error, service: name, run }, 'could not mark a run late'),
      );
      if (runs > 0) log.info({ service: name, runs }, 'marked runs late');
    },
  });
}
