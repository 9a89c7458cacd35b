import type { Context } from '../domain/context.ts';
import type { Log } from '../log.ts';
import { answerCleanup } from './answer-cleanup.ts';
import { cancellationCleanup } from './cancellation-cleanup.ts';
import { changeCleanup } from './change-cleanup.ts';
import { claimCleanup } from './claim-cleanup.ts';
import { deletions } from './deletions.ts';
import { lateRuns } from './late-runs.ts';
import { leftovers } from './leftovers.ts';
import type { LoopObserver, Service } from './loop.ts';
import { lostAnswers } from './lost-answers.ts';
import { notifications } from './notifications.ts';
import { pauseExpirations } from './pause-expirations.ts';
import { recentScheduler, scheduler } from './scheduler.ts';

export type { LoopObserver, Service } from './loop.ts';

/** The background loops enabled in the settings, not started yet. Their rounds are reported to `observer`. */
export function buildServices(context: Context, log: Log, observer?: LoopObserver): Service[] {
  const { services } = context.settings;
  const built: Service[] = [
    deletions(context, log, observer),
    leftovers(context, log, observer),
    answerCleanup(context, log, observer),
    lostAnswers(context, log, observer),
    changeCleanup(context, log, observer),
    claimCleanup(context, log, observer),
  ];
  if (services.scheduler.enabled) {
    built.push(scheduler(context, log, observer), recentScheduler(context, log, observer));
  }
  if (services.lateRuns.enabled) built.push(lateRuns(context, log, observer));
  if (services.pauseExpirations.enabled) built.push(pauseExpirations(context, log, observer));
  if (services.cancellationCleanup.enabled) built.push(cancellationCleanup(context, log, observer));
  if (services.notifications.enabled) built.push(notifications(context, log, observer));
  return built;
}
