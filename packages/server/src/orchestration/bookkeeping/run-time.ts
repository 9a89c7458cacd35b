import { secondsBetween } from '@mintaka/contract';
import type { AnyChange } from '../context.ts';
import type { Bookkeeping } from '../rule.ts';

/** Adds up the time that a run spends running. */
export const runTime: Bookkeeping<AnyChange, unknown> = {
  patch: ({ current, proposed, run }) => {
    if (current?.type !== 'RUNNING') return undefined;
    const total = run.total_run_time + secondsBetween(current.timestamp, proposed.timestamp);
    return { total_run_time: Math.round(total * 1e6) / 1e6 }; // stored to the microsecond
  },
};
