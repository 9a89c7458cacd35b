import { setTimeout as wait } from 'node:timers/promises';
import { median } from '../load/outcome.ts';
import type { Timing } from '../report-dispatch.ts';

/** How long something is measured: a minimum and a maximum number of times, and in between for a number of seconds. */
export type Patience = {
  least: number;
  most: number;
  seconds: number;
  /** Milliseconds from an answer to the next request, for the server's subsequent work. */
  pause?: number;
};

/**
 * Repeats a request and returns the median of the times. `ask` returns the number of rows in the answer; if all requests
 * should be fast, the first tenth is a warm-up and does not count.
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
