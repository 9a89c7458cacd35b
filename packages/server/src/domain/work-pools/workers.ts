import type { WorkerFilterBody } from '@mintaka/contract';
import { type WorkerResponse, workerFromRow } from '../../database/codecs/worker.ts';
import { narrow } from '../../database/filters/compose.ts';
import { workerWhere } from '../../database/filters/worker.ts';
import { type Batches, readPiece } from '../batches.ts';
import type { Context } from '../context.ts';
import { pageOf } from '../pages.ts';
import { workPoolId } from './work-pools.ts';

/** Records a worker's heartbeat; the first one adds the worker to the pool. @throws NotFoundError */
export function recordHeartbeat(context: Context, pool: string, name: string): Promise<void> {
  return context.database.transaction(async (session) => {
    session.mayRunAgain();
    const now = context.clock.now();
    const worker = {
      id: context.random.id(),
      created: now,
      updated: now,
      name,
      work_pool_id: await workPoolId(session, pool),
      last_heartbeat_time: now,
    };
    await session.run(
      session.sql
        .insertInto('worker')
        .values(worker)
        // Only the heartbeat: the reference does not change `updated`.
        .onConflict((conflict) =>
          conflict.columns(['work_pool_id', 'name']).doUpdateSet({ last_heartbeat_time: now }),
        ),
    );
  });
}

/** One page of the workers of a pool that match the filter, most recent heartbeat first. @throws NotFoundError */
export function filterWorkers(
  context: Context,
  pool: string,
  body: WorkerFilterBody,
): Batches<WorkerResponse> {
  return readPiece(pageOf(context, body), ({ limit, offset }) =>
    context.database.readLong(async (session) => {
      const poolId = await workPoolId(session, pool);
      const chosen = narrow(
        session.sql.selectFrom('worker').selectAll().where('work_pool_id', '=', poolId),
        body.workers && workerWhere(body.workers),
      );
      const page = chosen.orderBy('last_heartbeat_time', 'desc').orderBy('id').limit(limit).offset(offset);
      return (await session.all(page)).map(workerFromRow);
    }),
  );
}
