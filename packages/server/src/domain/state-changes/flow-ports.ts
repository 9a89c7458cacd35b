import { addSeconds, STATE_NAMES, type Timestamp } from '@mintaka/contract';
import type { ReadSession, WriteSession } from '../../database/database.ts';
import type { FlowRunInTransition } from '../../database/dialects/state-change.ts';
import type { FlowPorts, FullLimit } from '../../orchestration/ports.ts';
import type { Context } from '../context.ts';
import { lockPool } from '../pool-lock.ts';
import { retryFailedTasks, setTaskRunStateWithin } from './set-task-run-state.ts';

/** The age in seconds after which a row that was not removed (because its run was deleted while it waited) has no effect. */
const forgottenAfter = 86_400;

/** The reads and writes of a flow run's transition, within the given transaction. */
export function flowPorts(context: Context, session: WriteSession, run: FlowRunInTransition): FlowPorts {
  return {
    setParentTaskState: async (taskRunId, proposal) => {
      await setTaskRunStateWithin(context, session, { taskRunId, proposal, force: true });
    },
    retryFailedTasks: (flowRunId, scheduledTime) =>
      retryFailedTasks(context, session, flowRunId, scheduledTime),
    fullLimit: () => fullLimit(session, run),
    waitsInProcess: () => waitsInProcess(session, run),
  };
}

/**
 * The limit of a run's work queue or of its pool that has no free slot. If there is any limit, the pool is locked before
 * slots are counted, so that concurrent claims cannot both get the last slot.
 */
async function fullLimit(session: ReadSession, run: FlowRunInTransition): Promise<FullLimit | undefined> {
  const { work_queue_id, queue_name, queue_limit, pool_id, pool_name, pool_limit } = run;
  if (work_queue_id === null || queue_name === null || pool_id === null || pool_name === null) {
    return undefined;
  }
  if (queue_limit === null && pool_limit === null) return undefined;
  await lockPool(session, pool_id);
  const taken = await session.dialect.questions.dispatch.takenSlots(session, work_queue_id);
  if (taken === undefined) return undefined;
  if (queue_limit !== null && taken.queue >= queue_limit) {
    return { of: 'work queue', name: queue_name, concurrency_limit: queue_limit };
  }
  if (pool_limit !== null && taken.pool >= pool_limit) {
    return { of: 'work pool', name: pool_name, concurrency_limit: pool_limit };
  }
  return undefined;
}

/** Whether a run waits for its retry in its own process. */
async function waitsInProcess(session: ReadSession, run: FlowRunInTransition): Promise<boolean> {
  const row = await session.first(
    session.sql
      .selectFrom('mintaka_waiting_retry')
      .select('run_id')
      .where('run_id', '=', run.id)
      .where('due', '=', run.next_scheduled_start_time),
  );
  return row !== undefined;
}

/** Records that a run now waits in its own process for a retry at `due`; if that is undefined, that it no longer waits. */
export function noteWaitingRetry(
  session: WriteSession,
  run: FlowRunInTransition,
  due: Timestamp | undefined,
  now: Timestamp,
): void {
  const { sql } = session;
  if (due !== undefined) {
    session.send(
      sql
        .insertInto('mintaka_waiting_retry')
        .values({ run_id: run.id, due })
        .onConflict((on) => on.column('run_id').doUpdateSet({ due })),
    );
    session.send(sql.deleteFrom('mintaka_waiting_retry').where('due', '<', addSeconds(now, -forgottenAfter)));
  } else if (run.state_name === STATE_NAMES.awaitingRetry) {
    session.send(sql.deleteFrom('mintaka_waiting_retry').where('run_id', '=', run.id));
  }
}
