import type { TaskChange } from '../context.ts';
import { accept } from '../decision.ts';
import { ANY, type Rule } from '../rule.ts';

/** Records in which attempt of its flow run a task run starts. */
export const updateFlowRunTrackerOnTasks: Rule<TaskChange, unknown> = {
  from: ANY,
  to: ['RUNNING'],
  decide: ({ flowRun }) => accept({ patch: { flow_run_run_count: flowRun.run_count } }),
};
