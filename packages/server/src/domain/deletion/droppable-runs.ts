import type { ReadSession } from '../../database/database.ts';
import { runHasNotBegun, runIsScheduled } from '../../database/dialects/index-conditions.ts';

/** Which scheduled runs of a deployment: those of its schedule, or also those that people created. */
export type Origin = 'auto-scheduled' | 'any';

/** The ids of a deployment's runs that are scheduled, the late ones included, and have not begun. */
export function droppableRuns(session: ReadSession, deploymentId: string, origin: Origin) {
  const scheduled = session.sql
    .selectFrom('flow_run')
    .select('flow_run.id')
    .where('flow_run.deployment_id', '=', deploymentId)
    .where(runIsScheduled)
    .where(runHasNotBegun);
  return origin === 'any' ? scheduled : scheduled.where('flow_run.auto_scheduled', '=', true);
}
