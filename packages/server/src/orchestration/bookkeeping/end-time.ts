import { isTerminal } from '@mintaka/contract';
import type { AnyChange } from '../context.ts';
import type { Bookkeeping } from '../rule.ts';

/**
 * Sets the end time when a run enters a final state, even if it never ran, and clears it when the run leaves a final state.
 */
export const endTime: Bookkeeping<AnyChange, unknown> = {
  patch: ({ current, proposed, run }) => {
    if (isTerminal(proposed.type)) {
      return run.end_time === null ? { end_time: proposed.timestamp } : undefined;
    }
    return current !== null && isTerminal(current.type) ? { end_time: null } : undefined;
  },
};
