import { type Expression, type SqlBool, sql } from 'kysely';
import type { Reader } from '../../statements.ts';
import { askForIds, type IdsOfPage, ordering, type PageQuestion, selectIds, unseen } from '../page.ts';
import { sqliteBindings, sqliteSeeking } from './bindings.ts';

/** How many rows at the head of the order the first try reads, beyond four for each wanted row. */
const shortHead = 2_000;
/** The same, for a second try. */
const longHead = 50_000;
/** How many matching rows are sorted at most, unless every cheaper way has failed. */
const fewMatches = 5_000;

/**
 * differs because SQLite plans without knowing how many rows match a condition: it would sort 80,000 Completed runs to show
 * 200 of them, or walk through all runs for three that match. So this tries the cheap ways first, each of them bounded:
 * 1. if an index alone shows that few rows match: find and sort them;
 * 2. look for the page in the head of the order;
 * 3. find and sort the matches, unless there are too many;
 * 4. look for the page in a longer head;
 * 5. the plain statement.
 * See `docs/adr/0013-lists.md`.
 */
export const idsOfPageInSqlite: IdsOfPage = async (session, page) => {
  if (page.limit === 0) return [];
  const condition = page.condition(sqliteBindings);
  if (condition === undefined || page.access === 'ids') return askForIds(session, selectIds(page, condition));
  const soughtBy = page.condition(sqliteSeeking) ?? condition;
  const known = page.access === 'index' && (await areFew(session, page, soughtBy));
  return (
    (known ? await sortedIfFew(session, page, soughtBy) : undefined) ??
    (await withinHead(session, page, condition, shortHead)) ??
    (await sortedIfFew(session, page, soughtBy)) ??
    (await withinHead(session, page, condition, longHead)) ??
    (await askForIds(session, selectIds(page, soughtBy)))
  );
};

/** Whether fewer rows match than a search of the head would read; only for conditions that an index can count. */
async function areFew(session: Reader, page: PageQuestion, condition: Expression<SqlBool>): Promise<boolean> {
  const statement = sql`
    select count(*) as matches from (
      -- stops counting at one more than matters
      select 1 from ${sql.table(page.table)} where ${condition} limit ${unseen(shortHead + 1)})`;
  const [row] = await session.ask<{ matches: number }>(statement.compile(session.sql));
  return row !== undefined && row.matches <= shortHead;
}

/** The page, if the first rows of the order contain all of it; otherwise undefined. Matches further back do not matter. */
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
      -- cross join: keeps the order of the head, so that the first matches are found first
      cross join ${table} on ${sql.ref(`${page.table}.rowid`)} = head.number
      -- case: keeps the planner from using an index for the condition
      where case when ${condition} then true end
      -- offset, even if it is 0: keeps SQLite from flattening this query, which would read and sort the whole head
      limit ${unseen(page.limit)} offset ${page.offset})
    order by place ${sql.raw(direction)}`;
  const ids = await askForIds(session, statement);
  return ids.length < page.limit ? undefined : ids;
}

/** The page, if few rows match the condition; otherwise undefined. */
async function sortedIfFew(
  session: Reader,
  page: PageQuestion,
  condition: Expression<SqlBool>,
): Promise<string[] | undefined> {
  if (page.offset > fewMatches) return undefined;
  const [expression, direction] = page.order;
  const statement = sql`
    with
    -- all matches, if there are few; one more row shows that there are not
    candidate as materialized (
      select ${sql.ref(`${page.table}.id`)} as id, ${expression} as place
      from ${sql.table(page.table)}
      where ${condition}
      limit ${unseen(fewMatches + 1)})
    select id, (select count(*) from candidate) as candidates
    from candidate
    order by place ${sql.raw(direction)}
    limit ${unseen(page.limit)} offset ${page.offset}`;
  const rows = await session.ask<{ id: string; candidates: number }>(statement.compile(session.sql));
  // No row means that the offset skips all candidates, which are then fewer than the limit.
  const [first] = rows;
  return first !== undefined && first.candidates > fewMatches ? undefined : rows.map((row) => row.id);
}
