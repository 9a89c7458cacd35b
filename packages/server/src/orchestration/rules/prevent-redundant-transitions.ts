import type { AnyChange } from '../context.ts';
import { abort, accept } from '../decision.ts';
import { typeInMessage } from '../proposal.ts';
import type { Rule, StateTypeOrNone } from '../rule.ts';

const onTheWay: readonly StateTypeOrNone[] = ['SCHEDULED', 'PENDING', 'RUNNING', 'CANCELLING'];

/**
 * A run only moves forward: no state < Scheduled < Pending < Running < Cancelling. If several clients propose the same step,
 * one wins; this prevents a run from being submitted twice.
 */
export const preventRedundantTransitions: Rule<AnyChange, unknown> = {
  from: [null, ...onTheWay],
  to: onTheWay,
  decide: ({ current, proposed }) => {
    const from = current?.type ?? null;
    if (progress(proposed.type) > progress(from)) return accept();
    return abort(
      `This run cannot transition to the ${typeInMessage(proposed.type)} state from the ${typeInMessage(from)} state.`,
    );
  },
};

function progress(type: StateTypeOrNone): number {
  return onTheWay.indexOf(type);
}
