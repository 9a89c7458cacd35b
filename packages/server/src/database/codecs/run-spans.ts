// Calculates a run's durations. All arguments have the same unit, such as seconds. Postgres does the same in SQL, see
// `dialects/postgres/history.ts`; a test compares them.

/**
 * The total time that a run has been running, never below zero: the clock may have been set back.
 * @param before how long it ran before its current state.
 * @param stretch how long it has been running in its current state; 0 if it is not running.
 */
export function runTime(before: number, stretch: number): number {
  return Math.max(0, before + stretch);
}

/**
 * How much later than expected a run started, or how late it is now; 0 if it is on time, or ended without a start. Times
 * count from any fixed point.
 */
export function lateness(
  expected: number,
  started: number | undefined,
  hasEnded: boolean,
  now: number,
): number {
  if (started === undefined && hasEnded) return 0;
  return Math.max(0, (started ?? now) - expected);
}
