import type { FastifyBaseLogger } from 'fastify';
import type { Context } from '../domain/context.ts';
import { cancellationCleanup } from './cancellation-cleanup.ts';
import { lateRuns } from './late-runs.ts';
import type { Service } from './loop.ts';
import { notifications } from './notifications.ts';
import { pauseExpirations } from './pause-expirations.ts';
import { recentScheduler, scheduler } from './scheduler.ts';

export type { Service } from './loop.ts';

/** The background loops that the settings ask for, not started yet. */
export function buildServices(context: Context, log: FastifyBaseLogger): Service[] {
  const { services } = context.settings;
  const built: Service[] = [];
  if (services.scheduler.enabled) built.push(scheduler(context, log), recentScheduler(context, log));
  if (services.lateRuns.enabled) built.push(lateRuns(context, log));
  if (services.pauseExpirations.enabled) built.push(pauseExpirations(context, log));
  if (services.cancellationCleanup.enabled) built.push(cancellationCleanup(context, log));
  if (services.notifications.enabled) built.push(notifications(context, log));
  return built;
}
