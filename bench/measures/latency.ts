import { setTimeout as wait } from 'node:timers/promises';
import { median } from '../load/outcome.ts';
import type { Timing } from '../report-dispatch.ts';

/** How long something is tried: at least and at most so often, and in between for so many seconds. */
export type Patience = {
  least: number;
  most: number;
  seconds: number;
  /** Milliseconds from an answer to the next question, for what a server does afterwards. */
  pause?: number;
};

/**
 * Asks one thing after the other and takes the median of the times. `ask` gives the number of rows that it was answered;
 * where all are to be fast, the first tenth warms up and does not count.
 */
export async function timeOf(ask: () => Promise<number>, patience: Patience): Promise<Timing> {
  const times: number[] = [];
  let rows = 0;
  if (patience.least > 10) for (let warm = 0; warm < patience.least / 10; warm += 1) await ask();
  const start = performance.now();
  const processor = process.cpuUsage();
  while (times.length < patience.most) {
    const before = performance.now();
    rows = await ask();
    times.push(performance.now() - before);
    if (patience.pause !== undefined) await wait(patience.pause);
    if (times.length >= patience.least && performance.now() - start > patience.seconds * 1000) break;
  }
  const { user, system } = process.cpuUsage(processor);
  return {
    p50: median(times),
    fastest: Math.min(...times),
    requests: times.length,
    rows,
    processor: (user + system) / 1000 / times.length,
  };
}
