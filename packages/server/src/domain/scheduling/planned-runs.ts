import { addSeconds, Schedule, secondsBetween, type Timestamp } from '@mintaka/contract';
import type { Selectable } from 'kysely';
import type { Tables } from '../../database/tables.ts';
import { scheduleDates } from '../schedules/index.ts';

/** A deployment, as far as its schedule and the runs that it makes go. */
export type ScheduledDeployment = Pick<
  Selectable<Tables['deployment']>,
  | 'id'
  | 'flow_id'
  | 'schedule'
  | 'updated'
  | 'parameters'
  | 'tags'
  | 'work_queue_name'
  | 'work_queue_id'
  | 'infrastructure_document_id'
>;

/** The columns that make a {@link ScheduledDeployment}. */
export const scheduledDeploymentColumns = [
  'deployment.id',
  'deployment.flow_id',
  'deployment.schedule',
  'deployment.updated',
  'deployment.parameters',
  'deployment.tags',
  'deployment.work_queue_name',
  'deployment.work_queue_id',
  'deployment.infrastructure_document_id',
] as const;

/** Which runs of a schedule are wanted. Durations are seconds. */
export type Horizon = {
  /** The moment of the question. */
  now: Timestamp;
  /** No run starts before. */
  start: Timestamp;
  /** No run starts after. */
  end: Timestamp;
  /** Runs reach at least so far beyond the start. */
  minTime: number;
  /** At least so many, where the limits above and below let them be. */
  minRuns: number;
  /** At most so many, but never less than one. */
  maxRuns: number;
};

/** A run that is to be: a date of a deployment's schedule. */
export type PlannedRun = { deployment: ScheduledDeployment; date: Timestamp; timezone: string | null };

/**
 * The fewest runs of a deployment's schedule that reach both minimums of the horizon.
 * @throws ZodError or RangeError where the stored schedule cannot be read.
 */
export function planRuns(deployment: ScheduledDeployment, horizon: Horizon): PlannedRun[] {
  const schedule = Schedule.parse(deployment.schedule);
  const { now, start, end, minTime, minRuns, maxRuns } = horizon;
  const dates = scheduleDates(schedule, { now, start, end, limit: maxRuns });
  const enough = dates.findIndex(
    (date, index) => index + 1 >= minRuns && secondsBetween(start, date) >= minTime,
  );
  const wanted = enough < 0 ? dates : dates.slice(0, enough + 1);
  return wanted.map((date) => ({ deployment, date, timezone: schedule.timezone }));
}

/** The moment so many seconds later, or the last one that there is. */
export function laterBy(moment: Timestamp, seconds: number): Timestamp {
  try {
    return addSeconds(moment, seconds);
  } catch {
    return lastMoment;
  }
}

const lastMoment = addSeconds(addSeconds('9999-12-31 00:00:00.000000' as Timestamp, 86_399), 0.999999);
