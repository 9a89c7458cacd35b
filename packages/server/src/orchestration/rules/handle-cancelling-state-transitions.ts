import { isTerminal } from '@mintaka/contract';
import type { FlowChange } from '../context.ts';
import { reject } from '../decision.ts';
import { ANY, type Rule } from '../rule.ts';
import { isInWorkQueue } from '../work-queue.ts';

/** What a client is told that proposes anything but CANCELLED for a run that is being cancelled. */
export const cancellingReason =
  'Cannot transition flows that are cancelling to a state other than Cancelled.';

/**
 * A flow run that is being cancelled can only become cancelled. If it came from a work queue, it does as soon as its process
 * reports any other end: nobody else may ever report one, and the run would hold its slot for good.
 */
export const handleCancellingStateTransitions: Rule<FlowChange, unknown> = {
  from: ['CANCELLED', 'CANCELLING'],
  to: ANY.filter((type) => type !== 'CANCELLED'),
  decide: ({ current, proposed, run }) => {
    const ends = current?.type === 'CANCELLING' && isTerminal(proposed.type) && isInWorkQueue(run);
    return reject(ends ? { type: 'CANCELLED', message: proposed.message } : null, cancellingReason);
  },
};
