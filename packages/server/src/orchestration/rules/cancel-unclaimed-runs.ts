import type { FlowChange } from '../context.ts';
import { accept, reject } from '../decision.ts';
import type { Rule } from '../rule.ts';
import { hasProcess, isInWorkQueue } from '../work-queue.ts';
import { cancellingReason } from './handle-cancelling-state-transitions.ts';

/**
 * Cancels a run that waits in a work queue and has no process immediately. CANCELLING asks a process to stop; without a
 * process the run would never end.
 */
export const cancelUnclaimedRuns: Rule<FlowChange, unknown> = {
  from: ['SCHEDULED'],
  to: ['CANCELLING'],
  decide: ({ run, proposed }) => {
    if (!isInWorkQueue(run) || hasProcess(run)) return accept();
    const { message } = proposed;
    return reject(
      { type: 'CANCELLED', message },
      'The run has no process to stop and was cancelled at once.',
    );
  },
};

/** Answers a second cancellation of an unclaimed run as for a run that is being cancelled. */
export const cancelUnclaimedRunsAgain: Rule<FlowChange, unknown> = {
  from: ['CANCELLED'],
  to: ['CANCELLING'],
  decide: ({ run }) => {
    const unclaimed = isInWorkQueue(run) && !hasProcess(run) && run.start_time === null;
    return unclaimed ? reject(null, cancellingReason) : accept();
  },
};
