/** The number of attempts for the larger input before its time counts, because the machine may be busy. */
const attempts = 5;

/** Less processor time than this, in milliseconds, is not measured well. */
const measurable = 2;

/**
 * Whether work takes linear time: an input four times as large must not take much more than four times as long.
 * Quadratic work takes sixteen times as long.
 * @param size of the smaller input
 */
export function isLinear(work: (size: number) => unknown, size: number): boolean {
  const small = Math.max(
    fastest(() => work(size)),
    measurable,
  );
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (fastest(() => work(size * 4)) < small * 10) return true;
  }
  return false;
}

/** The least processor time of three rounds, in milliseconds: other processes do not count. */
function fastest(work: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3; round++) {
    const started = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(started);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}
