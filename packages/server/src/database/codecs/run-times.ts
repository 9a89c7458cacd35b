import { isTerminal, type StateType, secondsBetween, type Timestamp } from '@mintaka/contract';

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
 * How long a run has been running in all, in seconds, never below zero: `total_run_time` grows only when it leaves
 * RUNNING, and `now` may lie before its current state if the clock was set back.
 */
export function estimatedRunTime(run: RunningColumns, now: Timestamp): number {
  if (run.state_type !== 'RUNNING' || run.state_timestamp === null) return run.total_run_time;
  const micros = Math.round((run.total_run_time + secondsBetween(run.state_timestamp, now)) * 1e6);
  return Math.max(0, micros) / 1e6;
}

/** By how many seconds a run started late, or is late by now where it did not start and has not ended. */
export function estimatedStartTimeDelta(run: StartColumns, now: Timestamp): number {
  const { start_time, expected_start_time, state_type } = run;
  if (expected_start_time === null) return 0;
  if (start_time !== null) {
    return start_time > expected_start_time ? secondsBetween(expected_start_time, start_time) : 0;
  }
  if (expected_start_time >= now || (state_type !== null && isTerminal(state_type))) return 0;
  return secondsBetween(expected_start_time, now);
}
