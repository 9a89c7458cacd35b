import type { TaskChange } from '../context.ts';
import { abort, accept, type Decision, wait } from '../decision.ts';
import type { TagLimit, TaskPorts } from '../ports.ts';
import { ANY, type Rule } from '../rule.ts';

/** How long a client waits for a slot before it retries. */
const secondsBetweenTries = 30;

/**
 * A task only runs with a slot of each limit on its tags. If a limit is full, the client waits 30 seconds and retries; if a
 * limit is 0, the run is aborted, because it would wait for ever. All slots are taken together after all other rules have
 * accepted, so that a refused attempt holds none.
 */
export const secureTaskConcurrencySlots: Rule<TaskChange, TaskPorts> = {
  from: ANY,
  to: ['RUNNING'],
  decide: ({ run, limited }, ports) => {
    return limited ? takeSlots() : accept();

    async function takeSlots(): Promise<Decision> {
      const limits = await withoutVacantSlots(await ports.lockLimits(run.tags), ports);
      const refusal = limits.findLast(isFull);
      if (refusal !== undefined) return refuse(refusal);
      const taken = limits.map(({ tag, active_slots }) => ({
        tag,
        active_slots: including(active_slots, run.id),
      }));
      return accept({ effect: () => ports.writeSlots(taken) });
    }
  },
};

/**
 * The same limits. If one is full, the slots of deleted or ended task runs are removed. Requests that delete or end a task
 * run release its slots, but other servers on this database may not have done so.
 */
async function withoutVacantSlots(
  limits: readonly TagLimit[],
  ports: TaskPorts,
): Promise<readonly TagLimit[]> {
  if (!limits.some(isFull)) return limits;
  const holders = await ports.openTaskRuns(limits.flatMap(({ active_slots }) => active_slots));
  return limits.map((limit) => ({
    ...limit,
    active_slots: limit.active_slots.filter((id) => holders.has(id)),
  }));
}

function isFull(limit: TagLimit): boolean {
  return limit.active_slots.length >= limit.concurrency_limit;
}

function refuse({ tag, concurrency_limit }: TagLimit): Decision {
  if (concurrency_limit !== 0) {
    return wait(secondsBetweenTries, `Concurrency limit for the ${tag} tag has been reached`);
  }
  return abort(
    `The concurrency limit on tag "${tag}" is 0 and will deadlock if the task tries to run again.`,
  );
}

function including(slots: readonly string[], id: string): readonly string[] {
  return slots.includes(id) ? slots : [...slots, id];
}
