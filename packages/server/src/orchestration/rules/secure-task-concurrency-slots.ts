import type { TaskChange } from '../context.ts';
import { abort, accept, type Decision, wait } from '../decision.ts';
import type { TagLimit, TaskPorts } from '../ports.ts';
import { ANY, type Rule } from '../rule.ts';

/** How long a task run waits for a slot before it asks again. */
const secondsBetweenTries = 30;

/**
 * A task only runs with a slot of each limit on its tags. Slots are taken all together once nothing else speaks
 * against the transition, so that a try that fails holds none.
 */
export const secureTaskConcurrencySlots: Rule<TaskChange, TaskPorts> = {
  name: 'secure-task-concurrency-slots',
  from: ANY,
  to: ['RUNNING'],
  decide: ({ run, limited }, ports) => {
    return limited ? takeSlots() : accept();

    async function takeSlots(): Promise<Decision> {
      const limits = await ports.lockLimits(run.tags);
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
