import type { RunKind } from '@mintaka/contract';
import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Reader } from '../statements.ts';
import type { Bindings } from './bindings.ts';

/** Which rows of a table a page shows. The order's expression is the one of an index. */
export type PageQuestion = {
  readonly table: RunKind;
  /** The condition in the given spelling; undefined where every row is in the list. */
  readonly condition: (bindings: Bindings) => Expression<SqlBool> | undefined;
  readonly order: readonly [expression: Expression<unknown>, direction: 'asc' | 'desc'];
  readonly limit: number;
  readonly offset: number;
  readonly access: Access;
};

/**
 * What leads to the rows that a condition lets pass: the ids that it names, of the rows or of what they belong to, so that
 * few can match; an index, which alone tells how many match; or a look at the rows.
 */
export type Access = 'ids' | 'index' | 'rows';

/** The ids of the rows of one page, in their order. */
export type IdsOfPage = (session: Reader, page: PageQuestion) => Promise<string[]>;

/** Postgres knows how many rows a condition lets pass, and plans by it. */
export function idsOfPageInPostgres(bindings: Bindings): IdsOfPage {
  return async (session, page) =>
    page.limit === 0 ? [] : askForIds(session, selectIds(page, page.condition(bindings)));
}

/** How many rows at the head of the order are tried first, beyond four for each that is wanted. */
const shortHead = 2_000;
/** The same, for a second try. */
const longHead = 50_000;
/** How many matching rows are sorted without further thought. */
const fewMatches = 5_000;

/**
 * differs because SQLite plans without knowing how many rows a condition lets pass: it would sort 80,000 Completed runs
 * to show 200 of them, or walk through all runs for three that match. So this tries the cheap ways first, each of them
 * bounded: an index may tell that few rows match, to be found by it and sorted; the page may be within the head of the
 * order; or few rows may match after all, by whatever index the condition has; or the page may be within a longer head.
 * See `docs/adr/0013-lists.md`.
 */
export function idsOfPageInSqlite(bindings: Bindings, seeking: Bindings): IdsOfPage {
  return async (session, page) => {
    if (page.limit === 0) return [];
    const condition = page.condition(bindings);
    if (condition === undefined || page.access === 'ids')
      return askForIds(session, selectIds(page, condition));
    const soughtBy = page.condition(seeking) ?? condition;
    const known = page.access === 'index' && (await areFew(session, page, soughtBy));
    return (
      (known ? await sortedIfFew(session, page, soughtBy) : undefined) ??
      (await withinHead(session, page, condition, shortHead)) ??
      (await sortedIfFew(session, page, soughtBy)) ??
      (await withinHead(session, page, condition, longHead)) ??
      (await askForIds(session, selectIds(page, soughtBy)))
    );
  };
}

/** Whether fewer rows match than a try at the head would look at; only where an index counts them. */
async function areFew(session: Reader, page: PageQuestion, condition: Expression<SqlBool>): Promise<boolean> {
  const statement = sql`
    select count(*) as matches from (
      select 1 from ${sql.table(page.table)} where ${condition} limit ${unseen(shortHead + 1)})`;
  const [row] = await session.ask<{ matches: number }>(statement.compile(session.sql));
  return row !== undefined && row.matches <= shortHead;
}

/**
 * The page where the first rows of the order have the whole of it among them, however many match later; else undefined.
 * The cross join keeps the head's order, and so the first matches are taken. The offset, zero or not, keeps SQLite from
 * dissolving the inner question, which would then look at the whole head to sort it.
 */
async function withinHead(
  session: Reader,
  page: PageQuestion,
  condition: Expression<SqlBool>,
  head: number,
): Promise<string[] | undefined> {
  const table = sql.table(page.table);
  const [expression, direction] = page.order;
  const wanted = page.limit + page.offset;
  const statement = sql`
    select id from (
      select ${sql.ref(`${page.table}.id`)} as id, ${expression} as place
      from (select rowid as number from ${table} order by ${ordering(page)} limit ${unseen(head + 4 * wanted)}) as head
      cross join ${table} on ${sql.ref(`${page.table}.rowid`)} = head.number
      where ${hidden(condition)}
      limit ${unseen(page.limit)} offset ${page.offset})
    order by place ${sql.raw(direction)}`;
  const ids = await askForIds(session, statement);
  return ids.length < page.limit ? undefined : ids;
}

/** The page where few rows match the condition, else undefined. */
async function sortedIfFew(
  session: Reader,
  page: PageQuestion,
  condition: Expression<SqlBool>,
): Promise<string[] | undefined> {
  if (page.offset > fewMatches) return undefined;
  const [expression, direction] = page.order;
  const statement = sql`
    with candidate as materialized (
      select ${sql.ref(`${page.table}.id`)} as id, ${expression} as place
      from ${sql.table(page.table)}
      where ${condition}
      limit ${unseen(fewMatches + 1)})
    select id, (select count(*) from candidate) as candidates
    from candidate
    order by place ${sql.raw(direction)}
    limit ${unseen(page.limit)} offset ${page.offset}`;
  const rows = await session.ask<{ id: string; candidates: number }>(statement.compile(session.sql));
  // Without a row there are no more candidates than are skipped, so none was left out.
  const [first] = rows;
  return first !== undefined && first.candidates > fewMatches ? undefined : rows.map((row) => row.id);
}

function selectIds(page: PageQuestion, condition: Expression<SqlBool> | undefined): RawBuilder<unknown> {
  const where = condition === undefined ? sql`` : sql`where ${condition}`;
  return sql`
    select ${sql.ref(`${page.table}.id`)} as id
    from ${sql.table(page.table)}
    ${where}
    order by ${ordering(page)}
    limit ${unseen(page.limit)} offset ${page.offset}`;
}

/** A limit that SQLite does not look at, or it would plan the statement anew each time the parameter is bound. */
function unseen(limit: number): RawBuilder<number> {
  return sql`cast(${limit} as bigint)`;
}

function ordering({ order: [expression, direction] }: PageQuestion): RawBuilder<unknown> {
  return sql`${expression} ${sql.raw(direction)}`;
}

/** A condition that the planner does not see into, so that it uses no index for it. */
function hidden(condition: Expression<SqlBool>): RawBuilder<SqlBool> {
  return sql`case when ${condition} then true end`;
}

async function askForIds(session: Reader, query: RawBuilder<unknown>): Promise<string[]> {
  const rows = await session.ask<{ id: string }>(query.compile(session.sql));
  return rows.map((row) => row.id);
}
