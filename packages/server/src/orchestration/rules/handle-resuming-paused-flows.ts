import { isTerminal } from '@mintaka/contract';
import type { FlowChange } from '../context.ts';
import { accept, type Consequences, reject } from '../decision.ts';
import { typeInMessage } from '../proposal.ts';
import { ANY, type Rule } from '../rule.ts';
import { withPauses } from '../run-policy.ts';

/**
 * A paused flow run continues to run, is scheduled to continue, or ends; after its timeout it fails. It is marked as resuming
 * in all cases, after the bookkeeping, so that the next start does not count as a new attempt.
 */
export const handleResumingPausedFlows: Rule<FlowChange, unknown> = {
  from: ['PAUSED'],
  to: ANY,
  decide: ({ current, proposed, run, now }) => {
    const resuming: Consequences = {
      closingPatch: { empirical_policy: withPauses(run.empirical_policy, { resuming: true }) },
    };
    if (proposed.type !== 'RUNNING' && proposed.type !== 'SCHEDULED' && !isTerminal(proposed.type)) {
      const [to, from] = [typeInMessage(proposed.type), typeInMessage('PAUSED')];
      return reject(null, `This run cannot transition to the ${to} state from the ${from} state.`, resuming);
    }
    if (current?.state_details.pause_reschedule && run.deployment_id === null) {
      return reject(null, 'Cannot reschedule a paused flow run without a deployment.', resuming);
    }
    const timeout = current?.state_details.pause_timeout ?? null;
    if (timeout === null || timeout >= now) return accept(resuming);
    return reject(
      { type: 'FAILED', message: 'The flow was paused and never resumed.' },
      'The flow run pause has timed out and can no longer resume.',
      resuming,
    );
  },
};
