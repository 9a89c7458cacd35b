import { CLIENTS_PAUSE, speaks } from '../api-version.ts';
import type { FlowChange, TaskChange } from '../context.ts';
import type { Bookkeeping } from '../rule.ts';
import { isResuming } from '../run-policy.ts';

/** Counts a flow run's attempts: each start, except after a pause. */
export const flowRunCount: Bookkeeping<FlowChange, unknown> = {
  patch: ({ proposed, run, apiVersion }) => {
    if (proposed.type !== 'RUNNING') return undefined;
    if (speaks(apiVersion, CLIENTS_PAUSE) && isResuming(run.empirical_policy)) return undefined;
    return { run_count: run.run_count + 1 };
  },
};

/** Counts a task run's attempts. */
export const taskRunCount: Bookkeeping<TaskChange, unknown> = {
  patch: ({ proposed, run }) => {
    return proposed.type === 'RUNNING' ? { run_count: run.run_count + 1 } : undefined;
  },
};
