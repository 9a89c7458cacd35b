import { addSeconds } from '@mintaka/contract';
import type { DeletableTable, ReferenceColumn } from '../../database/dialects/deletion.ts';
import type { Context } from '../context.ts';
import { beginSlice, removeRows } from '../deletion/remove-rows.ts';

/** A column without a foreign key, and the table that it refers to. */
type Place = ReferenceColumn & { readonly owner: DeletableTable };

const places: readonly Place[] = [
  { table: 'log', column: 'flow_run_id', owner: 'flow_run' },
  { table: 'log', column: 'task_run_id', owner: 'task_run' },
  { table: 'artifact', column: 'flow_run_id', owner: 'flow_run' },
  { table: 'artifact', column: 'task_run_id', owner: 'task_run' },
  { table: 'task_run_state_cache', column: 'task_run_state_id', owner: 'task_run_state' },
];

/** The number of runs or states that are checked in one step. */
const idsAtOnce = 500;
/**
 * The minimum age of orphaned rows before they are deleted, in seconds: a client may send logs of a run before it creates the
 * run.
 */
const leastAge = 86_400;
const beforeAll = '00000000-0000-0000-0000-000000000000';

/** The position of a search for orphaned rows. */
export type SearchPosition = { readonly place: number; readonly after: string };

/** The start of a search for orphaned rows. */
export const searchStart: SearchPosition = { place: 0, after: beforeAll };

/**
 * Does one step of a search for logs, results and cached results of deleted runs, and deletes those older than a day:
 * Prefect's server leaves them behind, and workers may send logs after their run was deleted. A step checks a few hundred
 * runs, using an index.
 * @returns the number of deleted rows, and the next position; undefined at the end.
 */
export async function searchLeftovers(
  context: Context,
  { place, after }: SearchPosition,
): Promise<{ deleted: number; next: SearchPosition | undefined }> {
  const at = places[place];
  if (at === undefined) return { deleted: 0, next: undefined };
  const held = await context.database.readLong((session) =>
    session.dialect.questions.deletion.heldIds(session, at, at.owner, after, idsAtOnce),
  );
  const gone = held.filter((row) => row.gone === 1).map((row) => row.id);
  const deleted = gone.length === 0 ? 0 : await deleteOld(context, at, gone);
  const last = held.at(-1)?.id;
  if (last !== undefined && held.length === idsAtOnce) return { deleted, next: { place, after: last } };
  return { deleted, next: place + 1 < places.length ? { place: place + 1, after: beforeAll } : undefined };
}

async function deleteOld(context: Context, place: Place, gone: readonly string[]): Promise<number> {
  const { database, deletions, clock } = context;
  const before = addSeconds(clock.now(), -leastAge);
  let deleted = 0;
  while (!deletions.isStopped()) {
    const rows = await deletions.step(() =>
      database.transaction(async (session) => {
        const slice = beginSlice(context, session);
        const { olderRows } = session.dialect.questions.deletion;
        return removeRows(slice, place.table, await olderRows(session, place, gone, before, slice.left));
      }),
    );
    if (rows === 0) break;
    deleted += rows;
  }
  return deleted;
}
