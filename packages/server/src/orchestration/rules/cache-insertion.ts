import type { TaskChange } from '../context.ts';
import { accept } from '../decision.ts';
import type { TaskPorts } from '../ports.ts';
import { ANY, type Rule } from '../rule.ts';

/** Adds a completed state with a cache key to the cache. */
export const cacheInsertion: Rule<TaskChange, TaskPorts> = {
  from: ANY,
  to: ['COMPLETED'],
  decide: ({ proposed }, ports) => {
    const { cache_key, cache_expiration } = proposed.state_details;
    if (!cache_key) return accept();
    return accept({
      effect: () => ports.cacheState({ cache_key, cache_expiration, task_run_state_id: proposed.id }),
    });
  },
};
