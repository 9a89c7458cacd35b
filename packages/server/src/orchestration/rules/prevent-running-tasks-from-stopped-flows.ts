import { STATE_NAMES } from '@mintaka/contract';
import type { TaskChange } from '../context.ts';
import { abort, accept, reject } from '../decision.ts';
import { ANY, type Rule } from '../rule.ts';

/** A task only runs while its flow run does; in a paused flow run it pauses too. */
export const preventRunningTasksFromStoppedFlows: Rule<TaskChange, unknown> = {
  from: ANY,
  to: ['RUNNING'],
  decide: ({ run, flowRun }) => {
    if (flowRun.state_type === 'RUNNING') return accept();
    if (flowRun.state_type !== 'PAUSED') {
      return abort('The enclosing flow must be running to begin task execution.');
    }
    return reject(
      { type: 'PAUSED', name: STATE_NAMES.notReady },
      `The flow is paused, new tasks can execute after resuming flow run: ${run.flow_run_id}.`,
    );
  },
};
