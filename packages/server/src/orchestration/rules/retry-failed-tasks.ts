import { addSeconds } from '@mintaka/contract';
import type { TaskChange } from '../context.ts';
import { accept, reject } from '../decision.ts';
import { jitteredDelay } from '../jitter.ts';
import { awaitingRetry } from '../proposal.ts';
import type { Rule } from '../rule.ts';
import { type RetryPolicy, retryPolicy } from '../run-policy.ts';

/** Schedules a retry for a task run that fails and has retries left. */
export const retryFailedTasks: Rule<TaskChange, unknown> = {
  from: ['RUNNING'],
  to: ['FAILED'],
  decide: ({ run, proposed, now, random }) => {
    const policy = retryPolicy(run.empirical_policy);
    if (policy.retries === null || run.run_count > policy.retries) return accept();
    const delay = delayAfter(policy.delay, run.run_count);
    const seconds = policy.jitter > 0 ? jitteredDelay(delay, policy.jitter, random()) : delay;
    return reject(awaitingRetry(addSeconds(now, seconds), proposed), 'Retrying');
  },
};

/** The delay after the given attempt; the first is 1. */
function delayAfter(delay: RetryPolicy['delay'], tries: number): number {
  if (typeof delay === 'number') return delay;
  return delay.at(Math.min(tries, delay.length) - 1) ?? 0;
}
