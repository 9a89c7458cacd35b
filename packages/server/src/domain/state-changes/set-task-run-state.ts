import { textsOf } from '../../database/codecs/values.ts';
import type { WriteSession } from '../../database/database.ts';
import type { TaskRunInTransition } from '../../database/dialects/state-change.ts';
import type { Proposal } from '../../orchestration/context.ts';
import { transitionTaskRun } from '../../orchestration/transition.ts';
import type { Context } from '../context.ts';
import { NotFoundError } from '../errors.ts';
import { type RequestIdentity, rememberAnswer, repeatedAnswer } from './replay.ts';
import { anyLimitOn, taskPorts } from './task-ports.ts';
import { applyTransition, currentState, type StateChangeResult } from './write-state.ts';

/** A proposal of a new state for a task run. */
export type TaskRunProposal = {
  taskRunId: string;
  proposal: Proposal;
  /** Skips the rules; concurrency slots are still released. */
  force: boolean;
  /** Identifies a repeated request; omitted if the server itself proposes. */
  identity?: RequestIdentity;
};

/**
 * Proposes a new state for a task run; the rules decide.
 * @throws NotFoundError if the task run does not exist.
 */
export function setTaskRunState(context: Context, proposal: TaskRunProposal): Promise<StateChangeResult> {
  return context.database.transaction((session) => setTaskRunStateWithin(context, session, proposal));
}

/** The same within an open transaction. */
export async function setTaskRunStateWithin(
  context: Context,
  session: WriteSession,
  proposal: TaskRunProposal,
): Promise<StateChangeResult> {
  const run = await session.dialect.questions.stateChange.taskRun(session, proposal.taskRunId);
  if (run === undefined) {
    throw new NotFoundError(`Task run with id ${proposal.taskRunId} not found`, 'exception_message');
  }
  const repeated = await repeatedAnswer(session, 'task_run', run, proposal.identity);
  return repeated ?? changeTaskRun(context, session, run, proposal);
}

async function changeTaskRun(
  context: Context,
  session: WriteSession,
  run: TaskRunInTransition,
  { proposal, force, identity }: TaskRunProposal,
): Promise<StateChangeResult> {
  const { clock, random } = context;
  const tags = textsOf(run.tags);
  const change = {
    run: { ...run, tags },
    current: currentState(run),
    proposal,
    force,
    flowRun: { run_count: run.flow_run_attempts ?? 0, state_type: run.flow_run_state_type },
    limited: tags.length > 0 && (await anyLimitOn(session, tags)),
    now: clock.now(),
    newId: () => random.id(),
    random: () => random.fraction(),
  };
  const transition = await transitionTaskRun(change, taskPorts(context, session));
  const result = applyTransition(context, session, 'task_run', change, transition);
  if (transition.state !== undefined) {
    const { id, flow_run_id } = run;
    const { type: state_type } = transition.state;
    session.changed({ kind: 'task_run', id, action: 'changed', flow_run_id, state_type });
    const answer = { runId: run.id, stateId: transition.state.id, result };
    rememberAnswer(context, session, 'task_run', answer, identity);
  }
  return result;
}
