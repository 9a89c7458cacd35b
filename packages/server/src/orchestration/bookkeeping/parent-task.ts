import type { FlowChange } from '../context.ts';
import type { FlowPorts } from '../ports.ts';
import type { Bookkeeping } from '../rule.ts';

/** The task run that stands for a subflow in its parent takes every state of the subflow's run. */
export const parentTask: Bookkeeping<FlowChange, FlowPorts> = {
  effect: ({ run, proposed }, ports) => {
    if (run.parent_task_run_id === null) return undefined;
    const { type, name, message, data, state_details } = proposed;
    return ports.setParentTaskState(run.parent_task_run_id, {
      type,
      name,
      message,
      data,
      state_details: { ...state_details, child_flow_run_id: run.id },
    });
  },
};
