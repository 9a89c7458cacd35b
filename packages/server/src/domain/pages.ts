import type { RunKind } from '@mintaka/contract';
import type { Database, ReadSession } from '../database/database.ts';
import type { Bindings } from '../database/dialects/bindings.ts';
import type { Access } from '../database/dialects/page.ts';
import { asWhere, type Condition } from '../database/filters/conditions.ts';
import type { Order } from '../database/sorts.ts';
import { type Piece, unlessTooLarge } from './batches.ts';
import type { Context } from './context.ts';

/** One page of a list of runs. */
export type Page<Row> = {
  table: RunKind;
  condition: (bindings: Bindings) => Condition;
  /** Selects the matching runs. */
  access: Access;
  order: Order;
  limit: number;
  offset: number;
  /** The rows with these ids, in any order. */
  rows: (session: ReadSession, ids: readonly string[]) => Promise<Row[]>;
};

/**
 * Reads one page: first the ids of its runs, which can take long but reads little more than indexes, then these runs with
 * everything that belongs to them.
 */
export async function* readPage<Row extends { id: string }>(
  database: Database,
  { condition, rows: rowsOf, ...page }: Page<Row>,
): AsyncGenerator<Row[]> {
  const asked = { ...page, condition: (bindings: Bindings) => asWhere(condition(bindings)) };
  const ids = await database.readLong((session) => session.dialect.questions.idsOfPage(session, asked));
  if (ids.length === 0) return;
  const read = async (wanted: readonly string[]) => {
    const rows = await database.read((session) => rowsOf(session, wanted));
    const byId = new Map(rows.map((row) => [row.id, row]));
    // A run that was deleted in between is not on the page any more.
    return wanted.map((id) => byId.get(id)).filter((row) => row !== undefined);
  };
  const whole = await unlessTooLarge(() => read(ids));
  if (whole !== undefined) yield whole;
  else for (const id of ids) yield await read([id]);
}

/** The page that a request's body asks for. */
export function pageOf(
  { settings }: Pick<Context, 'settings'>,
  { limit, offset }: { limit?: number | undefined; offset: number },
): Piece {
  return { limit: limit ?? settings.pageLimit, offset };
}
