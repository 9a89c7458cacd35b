import type { AnyChange } from '../context.ts';
import { accept, amend } from '../decision.ts';
import type { Rule } from '../rule.ts';

/** A pending run keeps its scheduled time, unless the proposal sets one. */
export const copyScheduledTime: Rule<AnyChange, unknown> = {
  from: ['SCHEDULED'],
  to: ['PENDING'],
  decide: ({ current, proposed }) => {
    if (current === null || proposed.state_details.scheduled_time !== null) return accept();
    return amend({ scheduled_time: current.state_details.scheduled_time });
  },
};
