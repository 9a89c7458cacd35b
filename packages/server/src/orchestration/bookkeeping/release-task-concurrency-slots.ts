import type { TaskChange } from '../context.ts';
import type { TaskPorts } from '../ports.ts';
import type { Bookkeeping } from '../rule.ts';

/** Releases a task run's slots in every state except Running and Cancelling, forced or not. */
export const releaseTaskConcurrencySlots: Bookkeeping<TaskChange, TaskPorts> = {
  effect: ({ run, proposed, limited }, ports) => {
    if (!limited || proposed.type === 'RUNNING' || proposed.type === 'CANCELLING') return undefined;
    return release(run.id, run.tags, ports);
  },
};

async function release(runId: string, tags: readonly string[], ports: TaskPorts): Promise<void> {
  const limits = await ports.lockLimits(tags);
  const held = limits.filter(({ active_slots }) => active_slots.includes(runId));
  if (held.length === 0) return;
  await ports.writeSlots(
    held.map(({ tag, active_slots }) => ({ tag, active_slots: active_slots.filter((id) => id !== runId) })),
  );
}
