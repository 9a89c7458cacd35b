import type { Timestamp } from '@mintaka/contract';
import type { WriteSession } from '../../database/database.ts';
import { awaitingRetry } from '../../orchestration/proposal.ts';
import type { Context } from '../context.ts';
import { setTaskRunStateWithin } from './set-task-run-state.ts';

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
  for (const { id } of failed) {
    await setTaskRunStateWithin(context, session, {
      taskRunId: id,
      proposal: awaitingRetry(scheduledTime),
      force: true,
    });
    session.send(session.sql.updateTable('task_run').set({ run_count: 0 }).where('id', '=', id));
  }
}
