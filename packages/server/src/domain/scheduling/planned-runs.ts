import { addSeconds, Schedule, secondsBetween, type Timestamp, timestamp } from '@mintaka/contract';
import type { Selectable } from 'kysely';
import type { Tables } from '../../database/tables.ts';
import { dateOnClock, scheduleDates } from '../schedules/index.ts';

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

/** A run that is to be: a date of a deployment's schedule, and the key that no two runs have. */
export type PlannedRun = { deployment: ScheduledDeployment; date: Timestamp; key: string };

/**
 * The fewest runs of a deployment's schedule that reach both minimums of the horizon.
 * @throws ZodError or RangeError where the stored schedule cannot be read.
 */
export function planRuns(deployment: ScheduledDeployment, horizon: Horizon): PlannedRun[] {
  const schedule = Schedule.parse(deployment.schedule?.parseExactly());
  const { now, start, end, minTime, minRuns, maxRuns } = horizon;
  const isEnough = (date: Timestamp, index: number) =>
    index + 1 >= minRuns && secondsBetween(start, date) >= minTime;
  // Most schedules reach far with their first few dates, and the others need not be worked out.
  for (const limit of [Math.min(minRuns, maxRuns), maxRuns]) {
    const dates = scheduleDates(schedule, { now, start, end, limit });
    const last = dates.findIndex(isEnough);
    if (last < 0 && limit < maxRuns && dates.length >= limit) continue;
    const wanted = last < 0 ? dates : dates.slice(0, last + 1);
    return wanted.map((date) => {
      const key = `scheduled ${deployment.id} ${dateOnClock(date, schedule.timezone)}`;
      return { deployment, date, key };
    });
  }
  return [];
}

/** The moment so many seconds later, or the last one that there is. */
export function laterBy(moment: Timestamp, seconds: number): Timestamp {
  try {
    return addSeconds(moment, seconds);
  } catch {
    return timestamp('9999-12-31 23:59:59.999999');
  }
}
