import { isTerminal } from '@mintaka/contract';
import type { AnyChange } from '../context.ts';
import type { Bookkeeping } from '../rule.ts';

/** A run ends when it enters a final state, whether it ever ran or not. A run that leaves a final state has not ended. */
export const endTime: Bookkeeping<AnyChange, unknown> = {
  patch: ({ current, proposed, run }) => {
    if (isTerminal(proposed.type)) {
      return run.end_time === null ? { end_time: proposed.timestamp } : undefined;
    }
    return current !== null && isTerminal(current.type) ? { end_time: null } : undefined;
  },
};
