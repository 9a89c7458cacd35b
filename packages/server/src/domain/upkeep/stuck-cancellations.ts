import { addSeconds, type Timestamp } from '@mintaka/contract';
import type { ReadSession } from '../../database/database.ts';
import { runIsUnclaimed, runMayBeUnclaimed } from '../../database/dialects/index-conditions.ts';
import { eb } from '../../database/filters/conditions.ts';
import type { Proposal } from '../../orchestration/context.ts';
import type { Context } from '../context.ts';
import { changePages, type OnFailure } from './change-each.ts';
import { forceState } from './force-state.ts';

type StuckRun = { id: string; queue: string | null };
type QueueColumn = 'work_queue_id' | 'work_queue_name';

/** How long a claimed run may take to report its process, in seconds. */
const startSeconds = 600;

const cancelled: Proposal = { type: 'CANCELLED', message: 'The run was cancelled before it started.' };

/**
 * Cancels cancelling runs of work queues that no process will ever end: unclaimed ones, and those whose claim is old and that
 * neither started nor have a process. Returns the number of cancelled runs.
 */
export async function endStuckCancellations(context: Context, onFailure: OnFailure): Promise<number> {
  const byId = await endOf(context, 'work_queue_id', onFailure);
  return byId + (await endOf(context, 'work_queue_name', onFailure));
}

function endOf(context: Context, column: QueueColumn, onFailure: OnFailure): Promise<number> {
  const { batchSize } = context.settings.services.cancellationCleanup;
  const since = addSeconds(context.clock.now(), -startSeconds);
  return changePages<StuckRun>(
    batchSize,
    (after) =>
      context.database.readLong((session) => {
        // In the order of the index over these runs: in the order of ids, SQLite would scan all runs.
        const page = stuckRuns(session, column, since).orderBy(column).orderBy('id').limit(batchSize);
        return session.all(after === undefined ? page : page.where(comesAfter(column, after)));
      }),
    ({ id }) => cancel(context, id, column, since),
    onFailure,
  );
}

function stuckRuns(session: ReadSession, column: QueueColumn, since: Timestamp) {
  return session.sql
    .selectFrom('flow_run')
    .select(['flow_run.id', `flow_run.${column} as queue`])
    .where(`flow_run.${column}`, 'is not', null)
    .where(runMayBeUnclaimed)
    .where(eb.or([eb('flow_run.state_timestamp', '<', since), runIsUnclaimed]));
}

function comesAfter(column: QueueColumn, { id, queue }: StuckRun) {
  return eb.or([
    eb(`flow_run.${column}`, '>', queue),
    eb.and([eb(`flow_run.${column}`, '=', queue), eb('flow_run.id', '>', id)]),
  ]);
}

function cancel(context: Context, id: string, column: QueueColumn, since: Timestamp): Promise<boolean> {
  const stuck = (session: ReadSession) => stuckRuns(session, column, since).where('flow_run.id', '=', id);
  return forceState(context, 'flow_run', id, stuck, cancelled);
}
