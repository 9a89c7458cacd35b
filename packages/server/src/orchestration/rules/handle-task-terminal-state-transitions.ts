import { STATE_NAMES } from '@mintaka/contract';
import type { TaskChange } from '../context.ts';
import { abort, rename } from '../decision.ts';
import { ANY, type Rule, TERMINAL } from '../rule.ts';

/**
 * A task run that has ended stays so, except that an unsuccessful one runs again in a newer attempt of its flow run; then its
 * own retries are counted from zero.
 */
export const handleTaskTerminalStateTransitions: Rule<TaskChange, unknown> = {
  from: TERMINAL,
  to: ANY,
  decide: ({ current, proposed, run, flowRun }) => {
    const newAttempt = run.flow_run_run_count < flowRun.run_count;
    if (proposed.type !== 'RUNNING' || current?.type === 'COMPLETED' || !newAttempt) {
      return abort('This run has already terminated.');
    }
    return rename(STATE_NAMES.retrying, { patch: { run_count: 0 } });
  },
};
