import type { FlowChange } from '../context.ts';
import { abort, accept, reject } from '../decision.ts';
import { ANY, type Rule } from '../rule.ts';
import { pauseKeys, withPauses } from '../run-policy.ts';

/**
 * Only a running flow run can be paused, and only once for each pause key. It can only leave its process if a deployment can
 * restart it, which is impossible for a subflow. The key is recorded on the run.
 */
export const handlePausingFlows: Rule<FlowChange, unknown> = {
  from: ANY,
  to: ['PAUSED'],
  decide: ({ current, proposed, run, newId }) => {
    if (current === null) return abort('Cannot pause flows with no state.');
    if (current.type !== 'RUNNING') {
      return reject(null, 'Cannot pause flows that are not currently running.');
    }
    const { pause_key, pause_reschedule } = proposed.state_details;
    const fired = pauseKeys(run.empirical_policy);
    if (pause_key !== null && fired.includes(pause_key)) {
      return reject(null, 'This pause has already fired.');
    }
    if (pause_reschedule && run.parent_task_run_id !== null) {
      return abort('Cannot pause subflows with the reschedule option.');
    }
    if (pause_reschedule && run.deployment_id === null) {
      return abort('Cannot pause flows without a deployment with the reschedule option.');
    }
    const pause_keys = [...fired, pause_key ?? newId()];
    return accept({ closingPatch: { empirical_policy: withPauses(run.empirical_policy, { pause_keys }) } });
  },
};
