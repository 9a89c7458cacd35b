import type { FlowChange } from '../context.ts';
import { abort, accept, type Decision } from '../decision.ts';
import type { FlowPorts } from '../ports.ts';
import type { Rule } from '../rule.ts';

/**
 * A run in a work queue can only be claimed if its queue and its pool have a free slot. Several clients may get the same runs
 * from a poll, but only as many can start one as there are slots.
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
