/**
 * A delay that strays around `average` seconds as the pauses of a Poisson process do, never longer than
 * `average * (1 + factor)`, and bounded below so that the average stays about the same.
 * @param factor above 0
 * @param fraction a random number from 0 to 1
 */
export function jitteredDelay(average: number, factor: number, fraction: number): number {
  if (average <= 0) return average;
  const upper = 1 + factor;
  const from = shareBelow(Math.max(0, lowerBound(upper)));
  const to = shareBelow(upper);
  const share = from + (to - from) * fraction;
  return -Math.log(Math.max(1 - share, 1e-10)) * average;
}

/** The share of an exponential distribution with mean 1 below `multiple`. */
function shareBelow(multiple: number): number {
  return 1 - Math.exp(-multiple);
}

/** The bound with as much of the distribution between itself and the median as between the median and `upper`. */
function lowerBound(upper: number): number {
  if (upper >= 50) return 0; // 2 ** upper would lose the 1 next to it
  return Math.log2(2 ** upper / (2 ** upper - 1));
}
