import type { AnyChange } from '../context.ts';
import type { Bookkeeping } from '../rule.ts';

/** A run's first state tells when it should start: at its scheduled time, else at once. */
export const expectedStartTime: Bookkeeping<AnyChange, unknown> = {
  patch: ({ proposed, run }) => {
    if (run.expected_start_time !== null) return undefined;
    const scheduled = proposed.type === 'SCHEDULED';
    return { expected_start_time: scheduled ? proposed.state_details.scheduled_time : proposed.timestamp };
  },
};
