import { JsonText } from '@mintaka/contract';
import { textsOf } from '../../../src/database/codecs/values.ts';
import type { Database } from '../../../src/database/database.ts';
import type { DeletableTable } from '../../../src/database/dialects/deletion.ts';
import { tablesInOrder } from '../../../src/domain/deletion/relations.ts';
import { references } from './references.ts';

/** A row from the database. */
export type Row = Readonly<Record<string, unknown>>;

/** All rows by table and by id. */
export type Rows = Map<DeletableTable, Map<string, Row>>;

/** The column that identifies the rows of a table. */
function keyOf(table: DeletableTable): string {
  switch (table) {
    case 'mintaka_answered_request':
    case 'mintaka_claimed_run':
    case 'mintaka_waiting_retry':
      return 'run_id';
    case 'mintaka_former_secret':
      return 'block_document_id';
    default:
      return 'id';
  }
}

/** Reads every row of every table. */
export function readRows(database: Database): Promise<Rows> {
  return database.read(async (session) => {
    const all: Rows = new Map();
    for (const table of tablesInOrder) {
      const rows: Row[] = await session.all(session.sql.selectFrom(table).selectAll());
      all.set(table, new Map(rows.map((row) => [String(row[keyOf(table)]), row])));
    }
    return all;
  });
}

/** The number of rows of each table; empty tables are omitted. */
export async function countRows(database: Database): Promise<Record<string, number>> {
  const all = await readRows(database);
  return Object.fromEntries(
    [...all].map(([table, rows]) => [table, rows.size] as const).filter(([, count]) => count > 0),
  );
}

/** References to missing rows, and orphaned slots, in words. */
export function orphans(all: Rows): string[] {
  const found: string[] = [];
  const isThere = (table: DeletableTable, id: unknown) => all.get(table)?.has(String(id)) === true;
  for (const [table, rows] of all) {
    const own = references.filter((reference) => reference.table === table);
    for (const [id, row] of rows) {
      for (const column of new Set(own.map((reference) => reference.column))) {
        const targets = own.filter((reference) => reference.column === column);
        if (row[column] === null || targets.some(({ to }) => isThere(to, row[column]))) continue;
        found.push(`${table} ${id}: ${column} ${row[column]}`);
      }
      for (const holder of slotsOf(row)) {
        if (!isThere('task_run', holder)) found.push(`${table} ${id}: slot of ${holder}`);
      }
    }
  }
  return found;
}

/** The task runs that hold the slots of a limit; none for rows of other tables. */
function slotsOf({ active_slots }: Row): string[] {
  return active_slots instanceof JsonText ? textsOf(active_slots) : [];
}

/** The rows that must remain after some rows and everything below them are deleted. */
export function without(all: Rows, roots: readonly { table: DeletableTable; id: string }[]): Rows {
  const left: Rows = new Map([...all].map(([table, rows]) => [table, new Map(rows)]));
  const remove = (table: DeletableTable, id: string): void => {
    if (left.get(table)?.delete(id) !== true) return;
    for (const reference of references.filter(({ to }) => to === table)) {
      for (const [child, row] of [...(left.get(reference.table) ?? [])]) {
        if (row[reference.column] !== id) continue;
        if (reference.rule === 'delete') remove(reference.table, child);
        else left.get(reference.table)?.set(child, { ...row, [reference.column]: null });
      }
    }
    for (const [limit, row] of table === 'task_run' ? [...(left.get('concurrency_limit') ?? [])] : []) {
      const slots = slotsOf(row).filter((holder) => holder !== id);
      left
        .get('concurrency_limit')
        ?.set(limit, { ...row, active_slots: new JsonText(JSON.stringify(slots)) });
    }
  };
  for (const { table, id } of roots) remove(table, id);
  return left;
}

/** Rows without what a deletion may also change: the update time of a limit, and the order of queues. */
export function comparable(all: Rows): Record<string, Row[]> {
  return Object.fromEntries(
    [...all].map(([table, rows]) => [
      table,
      [...rows.values()]
        .map((row) => {
          if (table !== 'concurrency_limit' && table !== 'work_queue') return row;
          const { updated: _, priority: __, ...rest } = row;
          return { ...rest, active_slots: slotsOf(row) };
        })
        .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    ]),
  );
}
