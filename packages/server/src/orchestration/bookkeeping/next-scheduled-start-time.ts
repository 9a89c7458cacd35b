import type { AnyChange } from '../context.ts';
import type { Bookkeeping } from '../rule.ts';

/** Sets when a scheduled run is due next; cleared when the run is no longer scheduled. */
export const nextScheduledStartTime: Bookkeeping<AnyChange, unknown> = {
  patch: ({ current, proposed }) => {
    if (proposed.type === 'SCHEDULED') {
      return { next_scheduled_start_time: proposed.state_details.scheduled_time };
    }
    return current?.type === 'SCHEDULED' ? { next_scheduled_start_time: null } : undefined;
  },
};
