import { addSeconds, isTerminal, STATE_TYPES, type Timestamp } from '@mintaka/contract';
import type { ReadSession } from '../../database/database.ts';
import type { Proposal } from '../../orchestration/context.ts';
import type { Context } from '../context.ts';
import { changePages, type OnFailure } from './change-each.ts';
import { forceState } from './force-state.ts';

type OpenRun = { id: string };

/** The types of states in which a run has not ended. */
const openTypes = STATE_TYPES.filter((type) => !isTerminal(type));
/** How long after its end a cancelled flow run is cleaned up, in seconds. */
const day = 86_400;

const cancelled: Proposal = { type: 'CANCELLED', message: 'The parent flow run was cancelled.' };

/** Cancels open task runs, then open subflows of cancelled flow runs. Returns the number of cancelled runs. */
export async function cleanUpCancelledRuns(context: Context, onFailure: OnFailure): Promise<number> {
  const { batchSize } = context.settings.services.cancellationCleanup;
  const since = addSeconds(context.clock.now(), -day);
  const taskRuns = await changePages<OpenRun>(
    batchSize,
    (after) =>
      context.database.readLong((session) => {
        const page = openTaskRuns(session, since).orderBy('task_run.id').limit(batchSize);
        return session.all(after === undefined ? page : page.where('task_run.id', '>', after.id));
      }),
    ({ id }) => cancelTaskRun(context, id),
    onFailure,
  );
  const subflows = await changePages<OpenRun>(
    batchSize,
    (after) =>
      context.database.readLong((session) => {
        const page = openSubflows(session).orderBy('flow_run.id').limit(batchSize);
        return session.all(after === undefined ? page : page.where('flow_run.id', '>', after.id));
      }),
    ({ id }) => cancelSubflow(context, id),
    onFailure,
  );
  return taskRuns + subflows;
}

function openTaskRuns(session: ReadSession, since: Timestamp) {
  return session.sql
    .selectFrom('task_run')
    .innerJoin('flow_run', 'flow_run.id', 'task_run.flow_run_id')
    .select('task_run.id')
    .where('flow_run.state_type', '=', 'CANCELLED')
    .where('flow_run.end_time', '>=', since)
    .where('task_run.state_type', 'in', openTypes);
}

function openSubflows(session: ReadSession) {
  return session.sql
    .selectFrom('flow_run')
    .innerJoin('task_run', 'task_run.id', 'flow_run.parent_task_run_id')
    .innerJoin('flow_run as parent', 'parent.id', 'task_run.flow_run_id')
    .select('flow_run.id')
    .where('parent.state_type', '=', 'CANCELLED')
    .where('flow_run.state_type', 'in', openTypes);
}

function cancelTaskRun(context: Context, id: string): Promise<boolean> {
  const open = ({ sql }: ReadSession) =>
    sql.selectFrom('task_run').select('id').where('id', '=', id).where('state_type', 'in', openTypes);
  return forceState(context, 'task_run', id, open, cancelled);
}

function cancelSubflow(context: Context, id: string): Promise<boolean> {
  const open = ({ sql }: ReadSession) =>
    sql.selectFrom('flow_run').select('id').where('id', '=', id).where('state_type', 'in', openTypes);
  return forceState(context, 'flow_run', id, open, cancelled);
}
