/** The result of one measured window of load. */
export type Outcome = {
  /** Units a second: state changes, flow runs or log lines. */
  rate: number;
  /** Median time of one request, in milliseconds. */
  p50: number;
  /** 99th percentile of the time of one request, in milliseconds. */
  p99: number;
  /** Requests answered within the window. */
  requests: number;
  /** Length of the window, in seconds. */
  seconds: number;
  /** CPU time of the server for one unit, in milliseconds; null if unknown. */
  processorMilliseconds: number | null;
  /** Requests that failed or were not accepted. */
  errors: number;
  /** The first error in words. */
  firstError: string | null;
};

/** Sums up a window from the times of its requests (milliseconds); `unitsPerRequest` is 100 for a batch of 100 log lines. */
export function outcomeOf(window: {
  latencies: readonly number[];
  seconds: number;
  unitsPerRequest: number;
  processorSeconds?: number | null;
  errors: number;
  firstError: string | null;
}): Outcome {
  const units = window.latencies.length * window.unitsPerRequest;
  const sorted = window.latencies.toSorted((a, b) => a - b);
  return {
    rate: units / window.seconds,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    requests: sorted.length,
    seconds: window.seconds,
    processorMilliseconds: window.processorSeconds == null ? null : (window.processorSeconds * 1000) / units,
    errors: window.errors,
    firstError: window.firstError,
  };
}

/** The median of numbers; NaN for an empty list. */
export function median(values: readonly number[]): number {
  return percentile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}

/** The value below which this share of sorted values lies; NaN for an empty list. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
