import { isTerminal } from '@mintaka/contract';
import type { FlowChange } from '../context.ts';
import { reject } from '../decision.ts';
import { ANY, type Rule } from '../rule.ts';
import { isInWorkQueue } from '../work-queue.ts';

/** The reason for refusing anything except CANCELLED for a cancelling run. */
export const cancellingReason =
  'Cannot transition flows that are cancelling to a state other than Cancelled.';

/**
 * A flow run that is being cancelled can only become cancelled. If it came from a work queue, it does so when its process
 * reports any other final state: no later report may come, and the run would hold its slot for ever.
 */
export const handleCancellingStateTransitions: Rule<FlowChange, unknown> = {
  from: ['CANCELLED', 'CANCELLING'],
  to: ANY.filter((type) => type !== 'CANCELLED'),
  decide: ({ current, proposed, run }) => {
    const ends = current?.type === 'CANCELLING' && isTerminal(proposed.type) && isInWorkQueue(run);
    return reject(ends ? { type: 'CANCELLED', message: proposed.message } : null, cancellingReason);
  },
};
