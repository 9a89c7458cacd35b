import type { FlowChange } from '../context.ts';
import { reject } from '../decision.ts';
import { ANY, type Rule } from '../rule.ts';

/** A flow run that is being cancelled can only become cancelled. */
export const handleCancellingStateTransitions: Rule<FlowChange, unknown> = {
  name: 'handle-cancelling-state-transitions',
  from: ['CANCELLED', 'CANCELLING'],
  to: ANY.filter((type) => type !== 'CANCELLED'),
  decide: () => reject(null, 'Cannot transition flows that are cancelling to a state other than Cancelled.'),
};
