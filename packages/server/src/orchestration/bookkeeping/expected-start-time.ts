import type { AnyChange } from '../context.ts';
import type { Bookkeeping } from '../rule.ts';

/** Sets the expected start from a run's first state: its scheduled time, or now. */
export const expectedStartTime: Bookkeeping<AnyChange, unknown> = {
  patch: ({ proposed, run }) => {
    if (run.expected_start_time !== null) return undefined;
    const scheduled = proposed.type === 'SCHEDULED';
    return { expected_start_time: scheduled ? proposed.state_details.scheduled_time : proposed.timestamp };
  },
};
