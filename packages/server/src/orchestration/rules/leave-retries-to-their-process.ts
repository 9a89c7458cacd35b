import { addSeconds, STATE_NAMES, type Timestamp } from '@mintaka/contract';
import type { FlowChange, FlowRunColumns, TransitionResult } from '../context.ts';
import { abort, accept, type Decision } from '../decision.ts';
import type { FlowPorts } from '../ports.ts';
import type { Rule } from '../rule.ts';
import { isInWorkQueue } from '../work-queue.ts';

/** How long the process of a run may take to begin a retry that is due, in seconds. After that it is taken for dead. */
const graceSeconds = 60;

/** A run that waits for a retry in its own process is not claimed by others until the process must have begun it. */
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

/** Retries that were due at or before this moment have been begun by their processes, if those are alive. */
export function processesHaveBegunBy(now: Timestamp): Timestamp {
  return addSeconds(now, -graceSeconds);
}

/** When the retry is due for which a run now waits in its own process; undefined if the transition did not lead there. */
export function retryInProcess(
  current: FlowChange['current'],
  { status, state, run }: TransitionResult<FlowRunColumns>,
): Timestamp | undefined {
  // Only a running process can be told to try again in place of failing; whoever reschedules a run gets what they propose.
  const isRetry =
    current?.type === 'RUNNING' && status === 'REJECT' && state?.name === STATE_NAMES.awaitingRetry;
  return isRetry && canBeClaimed(run) ? (state.state_details.scheduled_time ?? undefined) : undefined;
}

/** Whether agents or workers may be handed a run: those of a queue, or, by queues with a filter, those of a deployment. */
function canBeClaimed(run: FlowRunColumns): boolean {
  return isInWorkQueue(run) || run.deployment_id !== null;
}
