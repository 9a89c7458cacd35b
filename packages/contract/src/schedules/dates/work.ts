/**
 * Step budget for expanding one schedule, so that rules that match nothing, or sets that exclude all their dates,
 * terminate. Checking a day or computing a time of day or a position is one step; skipping a date is eight steps plus
 * one per rule of its set. A step takes a few tens of nanoseconds.
 */
export type Work = {
  /** The remaining steps; negative if the budget was exceeded. */
  left: number;
  readonly pace: Pace;
};

/** When to pause. Several schedules that are expanded one after the other can share a pace. */
export type Pace = { untilPause: number };

/** The full budget: enough to check every day from 1970 to 9999. */
export const mostWork = 3_000_000;

/** Steps between two pauses: about a millisecond. */
const pauseSteps = 20_000;

/** A pace that has just begun. */
export function newPace(): Pace {
  return { untilPause: pauseSteps };
}

/** Creates a budget with a number of steps. */
export function newWork(steps = mostWork, pace = newPace()): Work {
  return { left: steps, pace };
}

/** Uses steps; returns whether enough were left. */
export function spend(work: Work, steps: number): boolean {
  work.left -= steps;
  work.pace.untilPause -= steps;
  return work.left >= 0;
}

/** Uses the steps for skipping a date; returns whether enough were left. */
export function passOver(work: Work): boolean {
  return spend(work, 8);
}

/** Whether to pause now, so that other work can run. */
export function pauseIsDue({ pace }: Work): boolean {
  if (pace.untilPause > 0) return false;
  pace.untilPause = pauseSteps;
  return true;
}

/** A value in a sequence at which the consumer may pause, while the sequence searches for its next date. */
export const PAUSE = undefined;
/** See {@link PAUSE}. */
export type Pause = typeof PAUSE;
