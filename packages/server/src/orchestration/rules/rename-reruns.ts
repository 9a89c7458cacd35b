import { STATE_NAMES } from '@mintaka/contract';
import type { TaskChange } from '../context.ts';
import { accept, rename } from '../decision.ts';
import { ANY, type Rule } from '../rule.ts';

/** Gives the state of a task run that starts again a special name. */
export const renameReruns: Rule<TaskChange, unknown> = {
  from: ANY,
  to: ['RUNNING'],
  decide: ({ current, run }) => {
    if (run.run_count === 0) return accept();
    return rename(current?.name === STATE_NAMES.awaitingRetry ? STATE_NAMES.retrying : STATE_NAMES.rerunning);
  },
};
