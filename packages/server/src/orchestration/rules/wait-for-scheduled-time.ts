import { secondsBetween } from '@mintaka/contract';
import type { AnyChange } from '../context.ts';
import { accept, wait } from '../decision.ts';
import type { Rule } from '../rule.ts';

/** A run does not start before its scheduled time: a client that proposes it too early must wait. */
export const waitForScheduledTime: Rule<AnyChange, unknown> = {
  from: ['SCHEDULED', 'PENDING'],
  to: ['RUNNING'],
  decide: ({ current, now }) => {
    const due = current?.state_details.scheduled_time ?? null;
    if (due === null || due <= now) return accept();
    const seconds = Math.ceil(secondsBetween(now, due) - 0.5); // whole seconds, a half rounds down
    return seconds > 0 ? wait(seconds, 'Scheduled time is in the future') : accept();
  },
};
