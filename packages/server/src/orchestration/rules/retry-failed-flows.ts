import { addSeconds } from '@mintaka/contract';
import { CLIENTS_PAUSE, CLIENTS_RETRY_TASKS, speaks } from '../api-version.ts';
import type { FlowChange } from '../context.ts';
import { accept, type Consequences, reject } from '../decision.ts';
import type { FlowPorts } from '../ports.ts';
import { awaitingRetry } from '../proposal.ts';
import type { Rule } from '../rule.ts';
import { retryPolicy, withPauses } from '../run-policy.ts';

/** Schedules a retry for a flow run that fails and has retries left. For old clients, also for its failed tasks. */
export const retryFailedFlows: Rule<FlowChange, FlowPorts> = {
  from: ['RUNNING'],
  to: ['FAILED'],
  decide: ({ run, proposed, apiVersion, now }, ports) => {
    const { retries, delay } = retryPolicy(run.empirical_policy);
    if (retries === null || run.run_count > retries) return accept();
    const scheduledTime = addSeconds(now, typeof delay === 'number' ? delay : 0);
    const consequences: Consequences = {};
    if (!speaks(apiVersion, CLIENTS_RETRY_TASKS)) {
      consequences.effect = () => ports.retryFailedTasks(run.id, scheduledTime);
    }
    if (speaks(apiVersion, CLIENTS_PAUSE)) {
      const empirical_policy = withPauses(run.empirical_policy, { resuming: false, pause_keys: [] });
      consequences.patch = { empirical_policy };
    }
    return reject(awaitingRetry(scheduledTime, proposed), 'Retrying', consequences);
  },
};
