import type { AnyChange } from '../context.ts';
import type { Bookkeeping } from '../rule.ts';

/** Sets the start time when a run first runs. */
export const startTime: Bookkeeping<AnyChange, unknown> = {
  patch: ({ proposed, run }) => {
    if (proposed.type !== 'RUNNING' || run.start_time !== null) return undefined;
    return { start_time: proposed.timestamp };
  },
};
