import { addSeconds, Schedule, secondsBetween, type Timestamp, timestamp } from '@mintaka/contract';
import {
  dateOnClock,
  datesInSteps,
  PAUSE,
  type Pause,
  pauseIsDue,
  spend,
  type Work,
} from '@mintaka/contract/schedules';
import type { Selectable } from 'kysely';
import type { Tables } from '../../database/tables.ts';

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
 * The fewest runs of a deployment's schedule that reach both minimums of the horizon, planned with pauses in between. If the
 * work is used up there are fewer runs than there should be: `work.left` tells.
 * @throws ZodError or RangeError if the stored schedule cannot be read.
 */
export function* planInSteps(
  deployment: ScheduledDeployment,
  horizon: Horizon,
  work: Work,
): Generator<Pause, PlannedRun[]> {
  spend(work, stepsOfPlan);
  if (pauseIsDue(work)) yield PAUSE;
  const schedule = Schedule.parse(deployment.schedule?.parseExactly());
  const { now, start, end, minTime, minRuns, maxRuns: limit } = horizon;
  const runs: PlannedRun[] = [];
  for (const date of datesInSteps(schedule, { now, start, end, limit }, work)) {
    if (date === PAUSE) {
      yield PAUSE;
      continue;
    }
    const key = `scheduled ${deployment.id} ${dateOnClock(date, schedule.timezone)}`;
    runs.push({ deployment, date, key });
    if (runs.length >= minRuns && secondsBetween(start, date) >= minTime) break;
  }
  return runs;
}

/** What it takes to read a schedule, in the steps of {@link Work}. */
const stepsOfPlan = 2000;

/** Takes the steps of a plan to their end. At each pause the event loop turns to others. */
export async function carryOut<Result>(steps: Generator<Pause, Result>): Promise<Result> {
  let next = steps.next();
  while (!next.done) {
    await new Promise(setImmediate);
    next = steps.next();
  }
  return next.value;
}

/** The moment so many seconds later, or the last one that there is. */
export function laterBy(moment: Timestamp, seconds: number): Timestamp {
  try {
    return addSeconds(moment, seconds);
  } catch {
    return timestamp('9999-12-31 23:59:59.999999');
  }
}
