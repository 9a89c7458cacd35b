import { STATE_NAMES } from '@mintaka/contract';
import { CLIENTS_PAUSE, speaks } from '../api-version.ts';
import type { FlowChange } from '../context.ts';
import { abort, accept } from '../decision.ts';
import { ANY, type Rule, TERMINAL } from '../rule.ts';
import { isResuming, pauseKeys, withPauses } from '../run-policy.ts';

/** A flow run that has ended stays so, except that a deployment's run can be rescheduled manually. */
export const handleFlowTerminalStateTransitions: Rule<FlowChange, unknown> = {
  from: TERMINAL,
  to: ANY,
  decide: ({ proposed, run, apiVersion }) => {
    if (proposed.type !== 'SCHEDULED' || proposed.name !== STATE_NAMES.awaitingRetry) {
      return abort('This run has already terminated.');
    }
    const { empirical_policy: policy } = run;
    const hasPaused = isResuming(policy) || pauseKeys(policy).length > 0;
    const forgetPauses =
      speaks(apiVersion, CLIENTS_PAUSE) && hasPaused
        ? { patch: { empirical_policy: withPauses(policy, { resuming: false, pause_keys: [] }) } }
        : undefined;
    return run.deployment_id === null
      ? abort('Cannot restart a run without an associated deployment.', forgetPauses)
      : accept(forgetPauses);
  },
};
