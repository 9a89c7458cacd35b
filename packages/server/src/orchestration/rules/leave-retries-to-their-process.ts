import { addSeconds, STATE_NAMES, type Timestamp } from '@mintaka/contract';
import type { FlowChange, FlowRunColumns, TransitionResult } from '../context.ts';
import { abort, accept, type Decision } from '../decision.ts';
import type { FlowPorts } from '../ports.ts';
import type { Rule } from '../rule.ts';
import { isInWorkQueue } from '../work-queue.ts';

/** How long the process of a run may take to begin a due retry, in seconds. After that it is considered dead. */
const graceSeconds = 60;

/** A run that waits for a retry in its own process cannot be claimed by others until the process must have begun it. */
export const leaveRetriesToTheirProcess: Rule<FlowChange, FlowPorts> = {
  from: ['SCHEDULED'],
  to: ['PENDING'],
  decide: ({ run, current, now }, ports) => {
    const due = current?.state_details.scheduled_time ?? null;
    const mayWait = current?.name === STATE_NAMES.awaitingRetry && canBeClaimed(run);
    return mayWait && due !== null && due > processesHaveBegunBy(now) ? refuseWaiting(ports) : accept();
  },
};

async function refuseWaiting(ports: FlowPorts): Promise<Decision> {
  if (!(await ports.waitsInProcess())) return accept();
  return abort(
    `The run waits for its retry in its own process; it can be claimed ${graceSeconds} seconds after the retry is due.`,
  );
}

/** Retries due at or before this time have begun, if their processes are alive. */
export function processesHaveBegunBy(now: Timestamp): Timestamp {
  return addSeconds(now, -graceSeconds);
}

/** When the retry is due for which a run now waits in its own process; undefined if it does not wait for one. */
export function retryInProcess(
  current: FlowChange['current'],
  { status, state, run }: TransitionResult<FlowRunColumns>,
): Timestamp | undefined {
  // Only a running process gets a retry in place of a failure. If a client reschedules a run, it gets the state that it
  // proposes.
  const isRetry =
    current?.type === 'RUNNING' && status === 'REJECT' && state?.name === STATE_NAMES.awaitingRetry;
  return isRetry && canBeClaimed(run) ? (state.state_details.scheduled_time ?? undefined) : undefined;
}

/** Whether agents or workers can get a run: those of a queue, or, through queues with a filter, those of a deployment. */
function canBeClaimed(run: FlowRunColumns): boolean {
  return isInWorkQueue(run) || run.deployment_id !== null;
}
