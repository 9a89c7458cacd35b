import { type ConcurrencyLimitCreate, type PageBody, storedJson } from '@mintaka/contract';
import {
  type ConcurrencyLimitResponse,
  concurrencyLimitFromRow,
} from '../database/codecs/concurrency-limit.ts';
import { type Batches, readPiece } from './batches.ts';
import type { Context } from './context.ts';
import { NotFoundError } from './errors.ts';
import { pageOf } from './pages.ts';

const notFound = () => new NotFoundError('Concurrency limit not found');

/** Creates the concurrency limit of a tag, or changes an existing one, which keeps its taken slots. */
export function createConcurrencyLimit(
  context: Context,
  { tag, concurrency_limit }: ConcurrencyLimitCreate,
): Promise<ConcurrencyLimitResponse> {
  const id = context.random.id();
  return context.database.transaction(async (session) => {
    const now = context.clock.now();
    const values = { id, created: now, updated: now, tag, concurrency_limit, active_slots: '[]' };
    await session.run(
      session.sql
        .insertInto('concurrency_limit')
        .values(values)
        .onConflict((on) => on.column('tag').doUpdateSet({ concurrency_limit, updated: now })),
    );
    const row = await session.first(
      session.sql.selectFrom('concurrency_limit').selectAll().where('tag', '=', tag),
    );
    if (row === undefined) throw notFound();
    return concurrencyLimitFromRow(row);
  });
}

/** Which limit: by its id or by its tag. */
export type LimitKey = { column: 'id' | 'tag'; value: string };

/** A limit with the task runs that hold its slots. @throws NotFoundError */
export async function readConcurrencyLimit(
  context: Context,
  { column, value }: LimitKey,
): Promise<ConcurrencyLimitResponse> {
  const row = await context.database.read((session) =>
    session.first(session.sql.selectFrom('concurrency_limit').selectAll().where(column, '=', value)),
  );
  if (row === undefined) throw notFound();
  return concurrencyLimitFromRow(row);
}

/** One page of the limits, by tag. */
export function filterConcurrencyLimits(context: Context, body: PageBody): Batches<ConcurrencyLimitResponse> {
  return readPiece(pageOf(context, body), ({ limit, offset }) =>
    context.database.read(async (session) => {
      const limits = session.sql.selectFrom('concurrency_limit').selectAll();
      const page = limits.orderBy('tag').limit(limit).offset(offset);
      return (await session.all(page)).map(concurrencyLimitFromRow);
    }),
  );
}

/** Releases all slots of a limit, or assigns them to the given task runs. @throws NotFoundError */
export function resetConcurrencyLimit(
  context: Context,
  tag: string,
  holders: readonly string[],
): Promise<void> {
  return context.database.transaction(async (session) => {
    const query = session.sql.selectFrom('concurrency_limit').select('active_slots').where('tag', '=', tag);
    const limit = await session.first(session.dialect.bindings.lock(query, 'concurrency_limit'));
    if (limit === undefined) throw notFound();
    const active_slots = storedJson([...holders]);
    if (limit.active_slots.text === active_slots) return;
    const updated = context.clock.now();
    session.send(
      session.sql.updateTable('concurrency_limit').set({ active_slots, updated }).where('tag', '=', tag),
    );
  });
}

/** Lifts a limit. @throws NotFoundError */
export async function deleteConcurrencyLimit(context: Context, { column, value }: LimitKey): Promise<void> {
  const deleted = await context.database.transaction((session) =>
    session.run(session.sql.deleteFrom('concurrency_limit').where(column, '=', value)),
  );
  if (deleted === 0) throw notFound();
}
