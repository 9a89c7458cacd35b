/**
 * How much work the reading of one recurrence set may still do, so that a rule that matches nothing, or excludes all that
 * it matches, comes to an end. One step is a day looked at or a time of day worked out; a date passed over takes
 * eight, as long as it does, and one for each rule of its set.
 */
export type Work = { left: number };

/** Enough to look at every day from 1970 to 9999: some tenths of a second. */
export const mostWork = 3_000_000;

/** Takes steps; says whether there were enough. */
export function spend(work: Work, steps: number): boolean {
  work.left -= steps;
  return work.left >= 0;
}

/** Passes over a date; says whether there was enough work left for it. */
export function passOver(work: Work): boolean {
  return spend(work, 8);
}
