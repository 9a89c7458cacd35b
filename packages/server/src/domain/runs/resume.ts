import { stateDetailsFromJson } from '../../database/codecs/state-details.ts';
import type { ApiVersion } from '../../orchestration/api-version.ts';
import type { Proposal } from '../../orchestration/context.ts';
import type { Context } from '../context.ts';
import { NotFoundError } from '../errors.ts';
import { setFlowRunStateWithin } from '../state-changes/set-flow-run-state.ts';
import type { StateChangeResult } from '../state-changes/write-state.ts';

const notPaused: StateChangeResult = {
  state: null,
  status: 'ABORT',
  details: { type: 'abort_details', reason: 'Cannot resume a flow run that is not paused.' },
  wrote: false,
};

/**
 * Resumes a paused flow run: immediately if its process waits, otherwise by rescheduling it.
 * @throws NotFoundError if the flow run does not exist.
 */
export function resumeFlowRun(
  context: Context,
  flowRunId: string,
  apiVersion: ApiVersion | null,
): Promise<StateChangeResult> {
  return context.database.transaction(async (session) => {
    const run = await session.dialect.questions.stateChange.flowRun(session, flowRunId);
    if (run === undefined) throw new NotFoundError('Flow run not found');
    if (run.current_type !== 'PAUSED') return notPaused;
    const { pause_reschedule } = stateDetailsFromJson(run.current_details);
    const proposal: Proposal = pause_reschedule
      ? { type: 'SCHEDULED', name: 'Resuming', state_details: { scheduled_time: context.clock.now() } }
      : { type: 'RUNNING' };
    return setFlowRunStateWithin(context, session, { flowRunId, proposal, force: false, apiVersion });
  });
}
