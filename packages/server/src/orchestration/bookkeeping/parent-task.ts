import type { FlowChange } from '../context.ts';
import type { FlowPorts } from '../ports.ts';
import type { Bookkeeping } from '../rule.ts';

/** Sets every state of a subflow's run also on the task run that represents it in its parent. */
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
