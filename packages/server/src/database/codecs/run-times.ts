import { isTerminal, type StateType, secondsBetween, type Timestamp } from '@mintaka/contract';
import { lateness, runTime } from './run-spans.ts';

type RunningColumns = {
  state_type: StateType | null;
  state_timestamp: Timestamp | null;
  total_run_time: number;
};

type StartColumns = {
  state_type: StateType | null;
  start_time: Timestamp | null;
  expected_start_time: Timestamp | null;
};

/**
 * The total run time of a run, in seconds, never negative: `total_run_time` only grows when it leaves RUNNING, and `now` may
 * be before its current state if the clock was set back.
 */
export function estimatedRunTime(run: RunningColumns, now: Timestamp): number {
  if (run.state_type !== 'RUNNING' || run.state_timestamp === null) return run.total_run_time;
  const seconds = runTime(run.total_run_time, secondsBetween(run.state_timestamp, now));
  return Math.round(seconds * 1e6) / 1e6;
}

/** The delay of a run's start in seconds, or its delay so far if it has neither started nor ended. */
export function estimatedStartTimeDelta(run: StartColumns, now: Timestamp): number {
  const { start_time, expected_start_time, state_type } = run;
  if (expected_start_time === null) return 0;
  const started = start_time === null ? undefined : secondsBetween(expected_start_time, start_time);
  const hasEnded = state_type !== null && isTerminal(state_type);
  const soFar = started === undefined && !hasEnded ? secondsBetween(expected_start_time, now) : 0;
  return lateness(0, started, hasEnded, soFar);
}
