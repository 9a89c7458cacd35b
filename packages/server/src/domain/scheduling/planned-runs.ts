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

/** The columns of a deployment that its schedule and its runs need. */
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

/** The columns of a {@link ScheduledDeployment}. */
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
  /** The time of the request. */
  now: Timestamp;
  /** No run starts before. */
  start: Timestamp;
  /** No run starts after. */
  end: Timestamp;
  /** Runs reach at least so far beyond the start. */
  minTime: number;
  /** The minimum number of runs, within the limits above and below. */
  minRuns: number;
  /** The maximum number of runs, but never less than one. */
  maxRuns: number;
};

/** A planned run: a date of a deployment's schedule, and its unique key. */
export type PlannedRun = { deployment: ScheduledDeployment; date: Timestamp; key: string };

/**
 * The fewest runs of a deployment's schedule that reach both minimums of the horizon, computed with pauses in between. If the
 * step budget is used up there may be too few runs: check `work.left`.
 * @throws ZodError or RangeError if the stored schedule is invalid.
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

/** The cost of reading a schedule, in steps of {@link Work}. */
const stepsOfPlan = 2000;

/** Runs a plan to its end. Yields to the event loop at each pause. */
export async function carryOut<Result>(steps: Generator<Pause, Result>): Promise<Result> {
  let next = steps.next();
  while (!next.done) {
    await new Promise(setImmediate);
    next = steps.next();
  }
  return next.value;
}

/** The timestamp a number of seconds later, or the latest possible one. */
export function laterBy(moment: Timestamp, seconds: number): Timestamp {
  try {
    return addSeconds(moment, seconds);
  } catch {
    return timestamp('9999-12-31 23:59:59.999999');
  }
}
