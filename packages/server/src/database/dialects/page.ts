import type { RunKind } from '@mintaka/contract';
import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Reader } from '../statements.ts';
import type { Bindings } from './bindings.ts';

/** The rows of a table on a page. The expression of the order is that of an index. */
export type PageQuestion = {
  readonly table: RunKind;
  /** The condition with the given bindings; undefined if the list contains every row. */
  readonly condition: (bindings: Bindings) => Expression<SqlBool> | undefined;
  readonly order: readonly [expression: Expression<unknown>, direction: 'asc' | 'desc'];
  readonly limit: number;
  readonly offset: number;
  readonly access: Access;
};

/**
 * How the rows that match a condition can be found:
 * - `ids`: the condition names the ids of the rows, or of their parents, so that few can match.
 * - `index`: an index alone can count the matches.
 * - `rows`: only the rows themselves show it.
 */
export type Access = 'ids' | 'index' | 'rows';

/** The ids of the rows of one page, in their order. */
export type IdsOfPage = (session: Reader, page: PageQuestion) => Promise<string[]>;

/** The plain statement for a page. */
export function selectIds(
  page: PageQuestion,
  condition: Expression<SqlBool> | undefined,
): RawBuilder<unknown> {
  const where = condition === undefined ? sql`` : sql`where ${condition}`;
  return sql`
    select ${sql.ref(`${page.table}.id`)} as id
    from ${sql.table(page.table)}
    ${where}
    order by ${ordering(page)}
    limit ${unseen(page.limit)} offset ${page.offset}`;
}

/** A limit that is not a bare parameter: SQLite prepares a statement again each time such a parameter is bound. */
export function unseen(limit: number): RawBuilder<number> {
  return sql`cast(${limit} as bigint)`;
}

/** The order of a page. */
export function ordering({ order: [expression, direction] }: PageQuestion): RawBuilder<unknown> {
  return sql`${expression} ${sql.raw(direction)}`;
}

/** Reads ids. */
export async function askForIds(session: Reader, query: RawBuilder<unknown>): Promise<string[]> {
  const rows = await session.ask<{ id: string }>(query.compile(session.sql));
  return rows.map((row) => row.id);
}
