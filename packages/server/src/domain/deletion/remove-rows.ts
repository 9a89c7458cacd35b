import { storedJson } from '@mintaka/contract';
import { textsOf } from '../../database/codecs/values.ts';
import type { WriteSession } from '../../database/database.ts';
import type { DeletableTable, ReferenceColumn, ReferringRow } from '../../database/dialects/deletion.ts';
import { isKind } from '../../database/query-changes.ts';
import type { Context } from '../context.ts';
import { costOf, mayBeLocked, type Relation, relationsOf, usualCostOf } from './relations.ts';

/** How many rows of a table a slice notes one by one. */
const mostNoted = 100;

/** A transaction that deletes, and its budget, which it may exceed by half if an estimate was too low. */
export type Slice = {
  readonly context: Context;
  readonly session: WriteSession;
  /** The budget of the slice; see `costOf`. */
  readonly total: number;
  /** The remaining budget. */
  left: number;
};

/** Begins a slice within a transaction. */
export function beginSlice(context: Context, session: WriteSession): Slice {
  const { deletion } = session.dialect.questions;
  deletion.prepare(session);
  return { context, session, total: deletion.costAtOnce, left: deletion.costAtOnce };
}

/** Rows that are deleted together, and what must be done in addition to deleting `ids`. */
type Closure = {
  /** The rows that can be deleted now; the others have a locked row below them. */
  ids: string[];
  cost: number;
  /** Rows that lose a reference first. */
  detached: { reference: ReferenceColumn; ids: string[] }[];
  /** Rows that no foreign key deletes: there is none, or the row above them must wait. */
  deleted: { table: DeletableTable; ids: string[] }[];
  /** The task runs among all rows. */
  taskRuns: string[];
};

/** There is more below the rows than fits: some of the excess rows. */
type Overflow = { relation: Relation; ids: string[] };

/**
 * Deletes rows with everything below them within the slice's budget; returns the number of deleted or detached rows, 0 if
 * locks of others prevent everything. If one row has too much below it, deletes a part of that first.
 */
export async function removeRows(
  slice: Slice,
  table: DeletableTable,
  ids: readonly string[],
): Promise<number> {
  const { session } = slice;
  const some = ids.slice(0, Math.max(1, Math.floor(slice.left / usualCostOf(table))));
  const free = await session.dialect.questions.deletion.claimRows(session, table, some);
  let size = free.length;
  while (size > 0) {
    const found = await gather(slice, table, free.slice(0, size), slice.left + Math.ceil(slice.total / 2));
    if (!('relation' in found)) return removeClosure(slice, table, found);
    if (size === 1) return removeSome(slice, found);
    size = Math.ceil(size / 2);
  }
  return 0;
}

/** Everything below the rows, or the excess. The rows are locked, so nothing is added to them meanwhile. */
async function gather(
  slice: Slice,
  table: DeletableTable,
  ids: readonly string[],
  limit: number,
): Promise<Closure | Overflow> {
  const { session } = slice;
  const { deletion } = session.dialect.questions;
  const relations = relationsOf[table] ?? [];
  const closure: Closure = {
    ids: [...ids],
    cost: ids.length * costOf(table),
    detached: [],
    deleted: [],
    taskRuns: [],
  };
  const most = Math.max(0, limit - closure.cost);
  const answers = await Promise.all(
    relations.map((relation) => deletion.referringRows(session, relation, ids, most + 1)),
  );
  for (const [place, relation] of relations.entries()) {
    const answer = answers[place] ?? [];
    if (answer.length > most) return { relation, ids: answer.map(({ id }) => id) };
    const remaining = new Set(closure.ids);
    const rows = answer.filter(({ target }) => remaining.has(target));
    if (rows.length === 0) continue;
    const found = await gatherRelation(slice, relation, rows, limit - closure.cost);
    if ('relation' in found) return found;
    merge(closure, relation, rows, found);
  }
  if (table === 'task_run') closure.taskRuns.push(...closure.ids);
  return closure;
}

async function gatherRelation(
  slice: Slice,
  relation: Relation,
  rows: readonly ReferringRow[],
  limit: number,
): Promise<Closure | Overflow> {
  const { session } = slice;
  const ids = rows.map(({ id }) => id);
  if (ids.length * costOf(relation.table) > limit) return { relation, ids };
  const free = mayBeLocked(relation.table)
    ? await session.dialect.questions.deletion.claimRows(session, relation.table, ids)
    : ids;
  if (relation.rule !== 'detach') return gather(slice, relation.table, free, limit);
  const cost = free.length * costOf(relation.table);
  return { ids: free, cost, detached: [], deleted: [], taskRuns: [] };
}

/** Adds what was found below some rows to the closure, and removes those that must wait. */
function merge(
  closure: Closure,
  { rule, ...reference }: Relation,
  rows: readonly ReferringRow[],
  found: Closure,
): void {
  const free = new Set(found.ids);
  const waiting = new Set(rows.filter(({ id }) => !free.has(id)).map(({ target }) => target));
  if (waiting.size > 0) closure.ids = closure.ids.filter((id) => !waiting.has(id));
  const left = rows.filter(({ id, target }) => free.has(id) && waiting.has(target)).map(({ id }) => id);
  closure.cost += found.cost;
  closure.detached.push(...found.detached);
  closure.deleted.push(...found.deleted);
  closure.taskRuns.push(...found.taskRuns);
  if (rule === 'detach') closure.detached.push({ reference, ids: found.ids });
  else closure.deleted.push({ table: reference.table, ids: rule === 'delete' ? found.ids : left });
}

/** Deletes the rows first: otherwise a foreign key would detach them from each of their states, which are deleted anyway. */
async function removeClosure(slice: Slice, table: DeletableTable, closure: Closure): Promise<number> {
  const { session } = slice;
  const { deletion } = session.dialect.questions;
  const { ids, cost, detached, deleted, taskRuns } = closure;
  slice.left -= cost;
  await releaseSlots(slice, taskRuns);
  const changed = [...detached, ...deleted].filter((rows) => rows.ids.length > 0);
  for (const rows of changed) if ('reference' in rows) deletion.detachRows(session, rows.reference, rows.ids);
  if (ids.length > 0) deletion.deleteRows(session, table, ids);
  for (const rows of changed) if ('table' in rows) deletion.deleteRows(session, rows.table, rows.ids);
  if (ids.length > 0) noteDeleted(session, table, ids);
  for (const rows of changed) {
    if ('table' in rows) noteDeleted(session, rows.table, rows.ids);
    else noteDeleted(session, rows.reference.table, rows.ids, 'changed');
  }
  return changed.reduce((sum, rows) => sum + rows.ids.length, ids.length);
}

/** Notifies listeners: of each row if there are few, otherwise that several rows changed. */
function noteDeleted(
  session: WriteSession,
  kind: DeletableTable,
  ids: readonly string[],
  action: 'deleted' | 'changed' = 'deleted',
): void {
  if (!isKind(kind)) return;
  const noted = ids.length > mostNoted ? [null] : ids;
  for (const id of noted) {
    session.changed({ kind, id, action, flow_run_id: kind === 'flow_run' ? id : null });
  }
}

async function removeSome(slice: Slice, { relation, ids }: Overflow): Promise<number> {
  if (relation.rule !== 'detach') return removeRows(slice, relation.table, ids);
  const { session } = slice;
  const { deletion } = session.dialect.questions;
  const some = ids.slice(0, Math.max(1, Math.floor(slice.left / costOf(relation.table))));
  const free = await deletion.claimRows(session, relation.table, some);
  slice.left -= free.length * costOf(relation.table);
  if (free.length > 0) {
    deletion.detachRows(session, relation, free);
    noteDeleted(session, relation.table, free, 'changed');
  }
  return free.length;
}

/** Releases the concurrency slots of task runs, whatever their tags, because slots can be assigned manually. */
async function releaseSlots({ context, session }: Slice, taskRunIds: readonly string[]): Promise<void> {
  if (taskRunIds.length === 0) return;
  const { bindings } = session.dialect;
  const query = session.sql
    .selectFrom('concurrency_limit')
    .select(['id', 'active_slots'])
    .where(bindings.jsonHasAny('concurrency_limit.active_slots', taskRunIds))
    .orderBy('tag');
  const gone = new Set(taskRunIds);
  for (const { id, active_slots } of await session.all(bindings.lock(query, 'concurrency_limit'))) {
    const kept = storedJson(textsOf(active_slots).filter((holder) => !gone.has(holder)));
    session.send(
      session.sql
        .updateTable('concurrency_limit')
        .set({ active_slots: kept, updated: context.clock.now() })
        .where('id', '=', id),
    );
  }
}
