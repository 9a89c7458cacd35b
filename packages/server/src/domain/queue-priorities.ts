import type { WriteSession } from '../database/database.ts';
import type { Context } from './context.ts';
import { lockPool } from './pool-lock.ts';

/** A queue that is to get another place among the queues of its pool; 1 is the first place. */
export type NewPriority = { queueId: string; priority: number };

/**
 * Numbers the queues of a pool anew, from 1 on and without gaps: in their present order, but `moved`, which goes to its place.
 * A place beyond the last is the last; a place below 1 counts from the end, as the reference has it.
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
