import { addSeconds, type StateType, secondsBetween, type Timestamp, wireTimestamp } from '@mintaka/contract';
import { RefusedError } from './errors.ts';

/** A history has at most so many bars. */
const mostBars = 500;

/** The frame of a history: its bars cover `start` to `end`, each `interval` seconds long. */
export type HistoryFrame = { start: Timestamp; end: Timestamp; interval: number };

/** The runs of one state within one bar. Durations are seconds. */
export type HistoryState = {
  state_type: StateType | null;
  state_name: string | null;
  count_runs: number;
  sum_estimated_run_time: number;
  sum_estimated_lateness: number;
};

/** One bar of a history. */
export type HistoryBar = { interval_start: string; interval_end: string; states: HistoryState[] };

/** One group of runs as the database counts them: the bar's number and the state. */
export type HistoryRow = HistoryState & { bar: number };

/** Refuses bars that are too short. @throws RefusedError */
export function checkInterval(seconds: number): void {
  if (seconds < 1) throw new RefusedError(422, 'History interval must not be less than 1 second.');
}

/** The last moment that a history covers, the end of its last bar. */
export function endOfHistory(frame: HistoryFrame): Timestamp {
  return addSeconds(frame.start, barCount(frame) * frame.interval);
}

/** Lays counted groups out over all bars; a bar without runs is empty. */
export function layOutHistory(frame: HistoryFrame, rows: readonly HistoryRow[]): HistoryBar[] {
  const bars = Array.from({ length: barCount(frame) }, (_, number): HistoryBar => {
    const start = addSeconds(frame.start, number * frame.interval);
    const end = addSeconds(start, frame.interval);
    return { interval_start: wireTimestamp(start), interval_end: wireTimestamp(end), states: [] };
  });
  for (const { bar, ...state } of rows) bars[bar]?.states.push(state);
  return bars;
}

// A history always has its first bar, even where it ends before it began: so the reference answers on SQLite.
function barCount({ start, end, interval }: HistoryFrame): number {
  const bars = Math.ceil(secondsBetween(start, end) / interval);
  return Math.min(Math.max(bars, 1), mostBars);
}
