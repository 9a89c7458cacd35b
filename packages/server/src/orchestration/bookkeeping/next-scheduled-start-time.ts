import type { AnyChange } from '../context.ts';
import type { Bookkeeping } from '../rule.ts';

/** A scheduled run tells when it is due next; it forgets that when it leaves the schedule. */
export const nextScheduledStartTime: Bookkeeping<AnyChange, unknown> = {
  patch: ({ current, proposed }) => {
    if (proposed.type === 'SCHEDULED') {
      return { next_scheduled_start_time: proposed.state_details.scheduled_time };
    }
    return current?.type === 'SCHEDULED' ? { next_scheduled_start_time: null } : undefined;
  },
};
