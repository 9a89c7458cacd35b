import type { ScheduleDeploymentBody } from '@mintaka/contract';
import { newWork } from '@mintaka/contract/schedules';
import type { Context } from '../context.ts';
import { insertPlannedRuns } from './insert-runs.ts';
import { carryOut, laterBy, planInSteps, scheduledDeploymentColumns } from './planned-runs.ts';

/**
 * Schedules runs of one deployment within the given bounds, by default the scheduler's; bounds in the past create missed
 * runs. Does nothing if the deployment does not exist or its schedule is inactive.
 */
export async function scheduleDeployment(
  context: Context,
  id: string,
  body: ScheduleDeploymentBody,
): Promise<void> {
  const deployment = await context.database.read((session) =>
    session.first(
      session.sql
        .selectFrom('deployment')
        .select(scheduledDeploymentColumns)
        .where('id', '=', id)
        .where('is_schedule_active', '=', true)
        .where('schedule', 'is not', null),
    ),
  );
  if (deployment === undefined) return;
  const { scheduler } = context.settings.services;
  const now = context.clock.now();
  const { start_time: start = now } = body;
  const horizon = {
    now,
    start,
    end: body.end_time ?? laterBy(start, scheduler.maxScheduledTime),
    minTime: body.min_time ?? scheduler.minScheduledTime,
    minRuns: body.min_runs ?? scheduler.minRuns,
    maxRuns: body.max_runs ?? scheduler.maxRuns,
  };
  const runs = await carryOut(planInSteps(deployment, horizon, newWork()));
  await insertPlannedRuns(context, runs, scheduler.insertBatchSize);
}
