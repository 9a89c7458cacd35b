import type { DatabaseHost } from '../subjects/databases.ts';
import type { Subject } from '../subjects/subject.ts';

/** What can be measured, by its name on the command line. */
export const measureNames = [
  'start',
  'memory',
  'state-changes',
  'flow-state-changes',
  'flow-runs',
  'logs',
  'contention',
  'dispatch',
  'lists',
] as const;

/** One of the measures. */
export type MeasureName = (typeof measureNames)[number];

/** How much is measured, and of whom. */
export type Plan = {
  subjects: readonly Subject[];
  measures: ReadonlySet<MeasureName>;
  /** Whether the prototype is also measured. */
  prototype: boolean;
  /** Whether the bare driver is also measured. */
  driver: boolean;
  /** Length of one measured window. */
  seconds: number;
  /** How often a window is measured; the median counts. */
  repeats: number;
  /** How often a server is started to measure the start. */
  starts: number;
  /** How many runs wait while polls are timed, from few to many. */
  waitingRuns: readonly number[];
  host: DatabaseHost;
  /** Reports the progress to the user. */
  say: (text: string) => void;
};
