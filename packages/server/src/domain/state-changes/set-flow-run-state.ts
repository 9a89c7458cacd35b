import { textsOf } from '../../database/codecs/values.ts';
import type { WriteSession } from '../../database/database.ts';
import type { FlowRunInTransition } from '../../database/dialects/state-change.ts';
import type { ApiVersion } from '../../orchestration/api-version.ts';
import type { Proposal } from '../../orchestration/context.ts';
import type { FlowPorts } from '../../orchestration/ports.ts';
import { retryInProcess } from '../../orchestration/rules/leave-retries-to-their-process.ts';
import { transitionFlowRun } from '../../orchestration/transition.ts';
import type { Context } from '../context.ts';
import { NotFoundError } from '../errors.ts';
import { flowPorts, noteWaitingRetry } from './flow-ports.ts';
import { type RequestIdentity, rememberAnswer, repeatedAnswer } from './replay.ts';
import { applyTransition, currentState, type StateChangeResult } from './write-state.ts';

/** A proposal of a new state for a flow run. */
export type FlowRunProposal = {
  flowRunId: string;
  proposal: Proposal;
  /** Skips the rules. */
  force: boolean;
  /** The client's API version; null if it sends none. */
  apiVersion: ApiVersion | null;
  /** Identifies a repeated request; omitted if the server itself proposes. */
  identity?: RequestIdentity;
};

/**
 * Proposes a new state for a flow run; the rules decide.
 * @throws NotFoundError if the flow run does not exist.
 */
export function setFlowRunState(context: Context, proposal: FlowRunProposal): Promise<StateChangeResult> {
  return context.database.transaction((session) => setFlowRunStateWithin(context, session, proposal));
}

/** The same within an open transaction. */
export async function setFlowRunStateWithin(
  context: Context,
  session: WriteSession,
  proposal: FlowRunProposal,
): Promise<StateChangeResult> {
  const run = await session.dialect.questions.stateChange.flowRun(session, proposal.flowRunId);
  if (run === undefined) {
    throw new NotFoundError(`Flow run with id ${proposal.flowRunId} not found`, 'exception_message');
  }
  const repeated = await repeatedAnswer(session, 'flow_run', run, proposal.identity);
  return repeated ?? changeFlowRun(context, session, run, proposal);
}

/**
 * Sets a run to Pending for a worker that claims it, unless a rule objects. The caller has locked the run, and its pool, and
 * has found a free slot.
 * @returns the id of the Pending state; undefined if a rule objected
 */
export async function claimFlowRun(
  context: Context,
  session: WriteSession,
  run: FlowRunInTransition,
): Promise<string | undefined> {
  const ports = { ...flowPorts(context, session, run), fullLimit: async () => undefined };
  const proposal = {
    flowRunId: run.id,
    proposal: { type: 'PENDING' },
    force: false,
    apiVersion: null,
  } as const;
  const { wrote, state } = await changeFlowRun(context, session, run, proposal, ports);
  return wrote && state?.type === 'PENDING' ? state.id : undefined;
}

async function changeFlowRun(
  context: Context,
  session: WriteSession,
  run: FlowRunInTransition,
  { proposal, force, apiVersion, identity }: FlowRunProposal,
  ports: FlowPorts = flowPorts(context, session, run),
): Promise<StateChangeResult> {
  const { clock, random } = context;
  const current = currentState(run);
  const change = {
    run,
    current,
    proposal,
    force,
    apiVersion,
    now: clock.now(),
    newId: () => random.id(),
    random: () => random.fraction(),
  };
  const transition = await transitionFlowRun(change, ports);
  const result = applyTransition(context, session, 'flow_run', change, transition);
  if (transition.state !== undefined) {
    const { id, work_queue_id } = run;
    const { type: state_type } = transition.state;
    session.changed({ kind: 'flow_run', id, action: 'changed', flow_run_id: id, state_type, work_queue_id });
    noteWaitingRetry(session, run, retryInProcess(current, transition), change.now);
  }
  if (transition.status === 'ACCEPT' || transition.status === 'REJECT') {
    queueNotifications(session, run, transition.state ?? null);
  }
  if (transition.state !== undefined) {
    const answer = { runId: run.id, stateId: transition.state.id, result };
    rememberAnswer(session, 'flow_run', answer, identity, change.now);
  }
  return result;
}

function queueNotifications(
  session: WriteSession,
  run: FlowRunInTransition,
  written: { id: string; name: string } | null,
): void {
  const stateId = written?.id ?? run.state_id;
  const stateName = written?.name ?? run.state_name;
  if (stateId === null || stateName === null) return;
  const tags = textsOf(run.tags);
  session.dialect.questions.stateChange.queueNotifications(session, { stateId, stateName, tags });
}
