import type { ReadSession, WriteSession } from '../database/database.ts';
import type { Context } from './context.ts';
import { lockPool } from './pool-lock.ts';

/** A queue that gets another priority among the queues of its pool; 1 is the first. */
export type NewPriority = { queueId: string; priority: number };

/**
 * Renumbers the queues of a pool from 1 without gaps: in their current order, except `moved`, which gets its new position. A
 * position beyond the last is the last; one below 1 counts from the end, as in the reference.
 */
export async function renumberQueues(
  context: Context,
  session: WriteSession,
  poolId: string,
  moved?: NewPriority,
): Promise<void> {
  await lockPool(session, poolId);
  const queues = await session.all(
    session.sql
      .selectFrom('work_queue')
      .select(['id', 'priority'])
      .where('work_pool_id', '=', poolId)
      .orderBy('priority')
      .orderBy('created')
      .orderBy('id'),
  );
  for (const [place, { id, priority }] of reordered(queues, moved).entries()) {
    if (priority === place + 1) continue;
    session.send(
      session.sql
        .updateTable('work_queue')
        .set({ priority: place + 1, updated: context.clock.now() })
        .where('id', '=', id),
    );
  }
}

/** The priority that puts a new queue behind all others of its pool. */
export async function lowestPriority(session: ReadSession, poolId: string): Promise<number> {
  const last = await session.first(
    session.sql
      .selectFrom('work_queue')
      .select((eb) => eb.fn.max('priority').as('priority'))
      .where('work_pool_id', '=', poolId),
  );
  return (last?.priority ?? 0) + 1;
}

function reordered<Queue extends { id: string }>(
  queues: readonly Queue[],
  moved: NewPriority | undefined,
): readonly Queue[] {
  const queue = moved && queues.find(({ id }) => id === moved.queueId);
  if (moved === undefined || queue === undefined) return queues;
  const others = queues.filter((other) => other !== queue);
  others.splice(moved.priority - 1, 0, queue);
  return others;
}
