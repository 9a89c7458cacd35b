/**
 * Step budget for expanding one schedule, so that rules that match nothing, or sets that exclude all that they match,
 * terminate. A step is a day looked at, a time of day or a position computed; skipping a date takes eight, and one more for
 * each rule of its set. A step takes some tens of nanoseconds.
 */
export type Work = {
  /** Steps that may still be taken; below zero once the budget was exceeded. */
  left: number;
  readonly pace: Pace;
};

/** When to pause. One pace may serve several schedules that are expanded one after the other. */
export type Pace = { untilPause: number };

/** The whole budget: enough to look at every day from 1970 to 9999. */
export const mostWork = 3_000_000;

/** Steps between two pauses: about a millisecond. */
const pauseSteps = 20_000;

/** A pace that has just begun. */
export function newPace(): Pace {
  return { untilPause: pauseSteps };
}

/** A budget of so many steps. */
export function newWork(steps = mostWork, pace = newPace()): Work {
  return { left: steps, pace };
}

/** Takes steps; says whether there were enough. */
export function spend(work: Work, steps: number): boolean {
  work.left -= steps;
  work.pace.untilPause -= steps;
  return work.left >= 0;
}

/** Skips a date; says whether there was enough work left for it. */
export function passOver(work: Work): boolean {
  return spend(work, 8);
}

/** Whether to pause now, so that others get their turn. */
export function pauseIsDue({ pace }: Work): boolean {
  if (pace.untilPause > 0) return false;
  pace.untilPause = pauseSteps;
  return true;
}

/** What a sequence gives between its values while it looks for the next: a place where whoever reads it may pause. */
export const PAUSE = undefined;
/** See {@link PAUSE}. */
export type Pause = typeof PAUSE;
