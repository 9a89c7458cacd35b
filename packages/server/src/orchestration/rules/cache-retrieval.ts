import { STATE_NAMES } from '@mintaka/contract';
import type { TaskChange } from '../context.ts';
import { accept, type Decision, reject } from '../decision.ts';
import type { TaskPorts } from '../ports.ts';
import { ANY, type Rule } from '../rule.ts';

/** If the result of a task is in the cache, the task does not run: it gets the cached state. */
export const cacheRetrieval: Rule<TaskChange, TaskPorts> = {
  from: ANY,
  to: ['RUNNING'],
  decide: ({ proposed, now }, ports) => {
    const { cache_key, refresh_cache } = proposed.state_details;
    return cache_key && refresh_cache !== true ? fromCache(cache_key) : accept();

    async function fromCache(key: string): Promise<Decision> {
      const cached = await ports.cachedState(key, now);
      if (cached === undefined) return accept();
      return reject({ ...cached, name: STATE_NAMES.cached }, 'Retrieved state from cache');
    }
  },
};
