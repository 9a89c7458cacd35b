import type { Timestamp } from '@mintaka/contract';
import { textsOf } from '../../database/codecs/values.ts';
import type { WriteSession } from '../../database/database.ts';
import type { TaskRunInTransition } from '../../database/dialects/state-change.ts';
import type { Proposal } from '../../orchestration/context.ts';
import { awaitingRetry } from '../../orchestration/proposal.ts';
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

/** @param mayBeLimited false if no tag of the run has a concurrency limit; then the limits are not read. */
async function changeTaskRun(
  context: Context,
  session: WriteSession,
  run: TaskRunInTransition,
  { proposal, force, identity }: Omit<TaskRunProposal, 'taskRunId'>,
  mayBeLimited = true,
): Promise<StateChangeResult> {
  const { clock, random } = context;
  const tags = textsOf(run.tags);
  const limited = mayBeLimited && tags.length > 0 && (await anyLimitOn(session, tags));
  const now = clock.now();
  const change = {
    run: { ...run, tags },
    current: currentState(run),
    proposal,
    force,
    flowRun: { run_count: run.flow_run_attempts ?? 0, state_type: run.flow_run_state_type },
    limited,
    now,
    newId: () => random.id(),
    random: () => random.fraction(),
  };
  const transition = await transitionTaskRun(change, taskPorts(context, session, now));
  const result = applyTransition(context, session, 'task_run', change, transition);
  if (transition.state !== undefined) {
    const { id, flow_run_id } = run;
    const { type: state_type } = transition.state;
    session.changed({ kind: 'task_run', id, action: 'changed', flow_run_id, state_type });
    const answer = { runId: run.id, stateId: transition.state.id, result };
    rememberAnswer(session, 'task_run', answer, identity, now);
  }
  return result;
}

/** The number of failed task runs that are read together. */
const retriedAtOnce = 500;

/**
 * Reschedules the failed task runs of a flow run and resets their run count; only for clients that leave this to the server.
 */
export async function retryFailedTasks(
  context: Context,
  session: WriteSession,
  flowRunId: string,
  scheduledTime: Timestamp,
): Promise<void> {
  const failed = await session.all(
    session.sql
      .selectFrom('task_run')
      .select('id')
      .where('flow_run_id', '=', flowRunId)
      .where('state_type', '=', 'FAILED'),
  );
  for (let from = 0; from < failed.length; from += retriedAtOnce) {
    const ids = failed.slice(from, from + retriedAtOnce).map(({ id }) => id);
    await retryTasks(context, session, ids, scheduledTime);
  }
}

async function retryTasks(
  context: Context,
  session: WriteSession,
  ids: readonly string[],
  scheduledTime: Timestamp,
): Promise<void> {
  const { bindings, questions } = session.dialect;
  const runs = await questions.stateChange.taskRuns(session, ids);
  const tags = [...new Set(runs.flatMap((run) => textsOf(run.tags)))];
  const mayBeLimited = tags.length > 0 && (await anyLimitOn(session, tags));
  for (const run of runs) {
    const retry = { proposal: awaitingRetry(scheduledTime), force: true };
    await changeTaskRun(context, session, run, retry, mayBeLimited);
  }
  const reset = session.sql.updateTable('task_run').set({ run_count: 0 });
  session.send(reset.where(bindings.hasId('task_run.id', ids)));
}
