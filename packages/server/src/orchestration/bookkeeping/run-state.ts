import type { AnyChange } from '../context.ts';
import type { Bookkeeping } from '../rule.ts';

/** The run points to its new state and repeats the state's type, name and timestamp. */
export const runState: Bookkeeping<AnyChange, unknown> = {
  patch: ({ proposed }) => ({
    state_id: proposed.id,
    state_type: proposed.type,
    state_name: proposed.name,
    state_timestamp: proposed.timestamp,
  }),
};
