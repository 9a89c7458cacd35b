import type { WriteSession } from '../../database/database.ts';

/** Which of a deployment's scheduled runs: those that the schedule made, or people's as well. */
export type Origin = 'auto-scheduled' | 'any';

/** Deletes the runs of a deployment that are still scheduled, the late ones included. */
export function dropScheduledRuns(session: WriteSession, deploymentId: string, origin: Origin): void {
  const scheduled = session.sql
    .deleteFrom('flow_run')
    .where('deployment_id', '=', deploymentId)
    .where('state_type', '=', 'SCHEDULED');
  session.send(origin === 'any' ? scheduled : scheduled.where('auto_scheduled', '=', true));
}
