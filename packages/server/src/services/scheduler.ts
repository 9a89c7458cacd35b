import { addSeconds, type Timestamp } from '@mintaka/contract';
import type { Context } from '../domain/context.ts';
import {
  scheduleAllDeployments,
  scheduleChangedDeployments,
} from '../domain/scheduling/schedule-deployments.ts';
import { rememberSlowSchedules } from '../domain/scheduling/slow-schedules.ts';
import type { Log } from '../log.ts';
import { type LoopObserver, loop, type Service } from './loop.ts';

/** The loop that schedules future runs of every deployment with a schedule. */
export function scheduler(context: Context, log: Log, observer?: LoopObserver): Service {
  const name = 'scheduler';
  const slow = rememberSlowSchedules(slownessOf(log, name));
  return loop({
    name,
    seconds: context.settings.services.scheduler.loopSeconds,
    log,
    observer,
    runOnce: async () => {
      const runs = await scheduleAllDeployments(context, warnOf(log, name), slow);
      if (runs > 0) log.info({ service: name, runs }, 'scheduled runs');
    },
  });
}

/** The quick loop over deployments that were changed just now. */
export function recentScheduler(context: Context, log: Log, observer?: LoopObserver): Service {
  const name = 'recent scheduler';
  const { recentLoopSeconds: seconds } = context.settings.services.scheduler;
  const slow = rememberSlowSchedules(slownessOf(log, name));
  let previous: Timestamp | undefined;
  return loop({
    name,
    seconds,
    log,
    observer,
    runOnce: async () => {
      const now = context.clock.now();
      // A second more than since the last round began: a change may be committed after its timestamp.
      const since = addSeconds(previous ?? addSeconds(now, -seconds), -1);
      const runs = await scheduleChangedDeployments(context, since, warnOf(log, name), slow);
      previous = now;
      if (runs > 0) log.info({ service: name, runs }, 'scheduled runs');
    },
  });
}

function warnOf(log: Log, service: string) {
  return (deployment: string, error: unknown) =>
    log.error({ err: error, service, deployment }, 'cannot expand the schedule of a deployment');
}

function slownessOf(log: Log, service: string) {
  return (deployment: string, others: number) =>
    log.warn(
      { service, deployment, others },
      'a schedule exceeded its step budget; scheduling only the runs found so far',
    );
}
