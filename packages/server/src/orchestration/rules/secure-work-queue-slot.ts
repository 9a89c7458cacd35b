import type { FlowChange } from '../context.ts';
import { abort, accept, type Decision } from '../decision.ts';
import type { FlowPorts } from '../ports.ts';
import type { Rule } from '../rule.ts';

/**
 * A run that waits in a work queue is only taken on while the limits of the queue and of its pool have a slot free: of all
 * who were handed the same runs, only as many may start one as there are slots.
 */
export const secureWorkQueueSlot: Rule<FlowChange, FlowPorts> = {
  from: ['SCHEDULED'],
  to: ['PENDING'],
  decide: ({ run }, ports) => (run.work_queue_id === null ? accept() : claimSlot(ports)),
};

async function claimSlot(ports: FlowPorts): Promise<Decision> {
  const full = await ports.fullLimit();
  if (full === undefined) return accept();
  return abort(
    `The concurrency limit of ${full.concurrency_limit} on ${full.of} "${full.name}" has been reached.`,
  );
}
