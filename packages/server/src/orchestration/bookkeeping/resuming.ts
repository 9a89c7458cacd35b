import { isTerminal } from '@mintaka/contract';
import { CLIENTS_PAUSE, speaks } from '../api-version.ts';
import type { FlowChange } from '../context.ts';
import type { Bookkeeping } from '../rule.ts';
import { isResuming, withPauses } from '../run-policy.ts';

/** Clears the mark of a resumption when a flow run runs again or ends. */
export const resuming: Bookkeeping<FlowChange, unknown> = {
  patch: ({ proposed, run, apiVersion }) => {
    if (proposed.type !== 'RUNNING' && !isTerminal(proposed.type)) return undefined;
    if (!speaks(apiVersion, CLIENTS_PAUSE) || !isResuming(run.empirical_policy)) return undefined;
    return { empirical_policy: withPauses(run.empirical_policy, { resuming: false }) };
  },
};
