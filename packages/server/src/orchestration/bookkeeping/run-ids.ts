import type { FlowChange, TaskChange } from '../context.ts';
import type { Bookkeeping } from '../rule.ts';

/** Adds to a flow run's state the id of its run and, for a subflow, the task run that represents it in the parent. */
export const flowRunIds: Bookkeeping<FlowChange, unknown> = {
  details: ({ run }) =>
    run.parent_task_run_id === null
      ? { flow_run_id: run.id }
      : { flow_run_id: run.id, task_run_id: run.parent_task_run_id },
};

/** A task run's state names its run and its flow run. */
export const taskRunIds: Bookkeeping<TaskChange, unknown> = {
  details: ({ run }) => ({ flow_run_id: run.flow_run_id, task_run_id: run.id }),
};
