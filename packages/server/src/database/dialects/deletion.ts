import type { Timestamp } from '@mintaka/contract';
import type { DialectName } from '../dialect-name.ts';
import type { Reader, Statement, Writer } from '../statements.ts';
import type { Tables } from '../tables.ts';
import { isScheduled } from './index-conditions.ts';

/** A table whose rows can be deleted by their ids. */
export type DeletableTable = Exclude<keyof Tables, 'mintaka_deletion'>;

/** A column that holds ids of rows of another table. */
export type ReferenceColumn = { readonly table: DeletableTable; readonly column: string };

/** A row, and which of the wanted ids its column holds. */
export type ReferringRow = { id: string; target: string };

/** An id in a column, and whether (1) or not (0) the row that it names is gone. */
export type HeldId = { id: string; gone: number };

/**
 * The statements of deletions. Each reads and writes a number of rows that its caller bounds, and finds them by an index.
 * Ids travel as one parameter, however many they are.
 */
export type Deletion = {
  /**
   * How much one transaction should cost, half as much again at most: a log line costs 1, other rows what
   * `domain/deletion/relations.ts` says.
   */
  readonly costAtOnce: number;
  /**
   * Prepares a transaction for deleting: waits for locks of others end after two seconds, with an error that says so.
   * It has to come before the other statements.
   */
  prepare(session: Writer): void;
  /** Locks a row until the transaction ends, and tells whether it is there. */
  lockRow(session: Writer, table: DeletableTable, id: string): Promise<boolean>;
  /** Locks those of the rows that are there and that no other transaction has locked; gives their ids. */
  claimRows(session: Writer, table: DeletableTable, ids: readonly string[]): Promise<string[]>;
  /** Any rows of a table, at most `limit` of them. */
  anyRows(session: Writer, table: DeletableTable, limit: number): Promise<string[]>;
  /** Rows whose column holds one of the ids, at most `limit` of them. */
  referringRows(
    session: Writer,
    reference: ReferenceColumn,
    ids: readonly string[],
    limit: number,
  ): Promise<ReferringRow[]>;
  /** Runs of a flow that its deployments have ahead, at most `limit` of them. */
  scheduledRuns(session: Writer, flowId: string, limit: number): Promise<string[]>;
  /** Such rows as were made before a moment. */
  olderRows(
    session: Reader,
    reference: ReferenceColumn,
    ids: readonly string[],
    before: Timestamp,
    limit: number,
  ): Promise<string[]>;
  /**
   * The ids that a column holds, each once, in their order after the given one, at most `limit` of them; and whether the
   * table that they are of has no such row.
   */
  heldIds(
    session: Reader,
    reference: ReferenceColumn,
    owner: DeletableTable,
    after: string,
    limit: number,
  ): Promise<HeldId[]>;
  /** Sets the column to NULL in the rows with these ids. */
  detachRows(session: Writer, reference: ReferenceColumn, ids: readonly string[]): void;
  /** Deletes the rows with these ids; the foreign keys delete or detach what still refers to them. */
  deleteRows(session: Writer, table: DeletableTable, ids: readonly string[]): void;
};

const forUpdate = 'for update skip locked';

/**
 * SQLite deletes on the event loop: fifteen flow runs with three states each, or 120 log lines, take some two milliseconds,
 * and their commit one more.
 */
export const deletionInSqlite: Deletion = {
  costAtOnce: 120,
  prepare: () => {},
  lockRow: async (session, table, id) => (await rowsWith('sqlite', session, table, [id])).length > 0,
  claimRows: (session, table, ids) => rowsWith('sqlite', session, table, ids),
  // In the order of the table: neighbours share pages in most indexes as well.
  anyRows: async (session, table, limit) =>
    idsOf(
      await session.ask({
        sql: `select ${keyOf(table)} as id from ${table} order by rowid limit cast(? as integer)`,
        parameters: [limit],
      }),
    ),
  referringRows: (session, { table, column }, ids, limit) =>
    session.ask<ReferringRow>({
      sql: `
        select ${keyOf(table)} as id, ${column} as target from ${table}
        where ${column} in (select value from json_each(?)) limit cast(? as integer)`,
      parameters: [JSON.stringify(ids), limit],
    }),
  // The plus keeps SQLite from looking through all runs of the flow.
  scheduledRuns: async (session, flowId, limit) =>
    idsOf(
      await session.ask({
        sql: `
          select run.id from deployment cross join flow_run as run on run.deployment_id = deployment.id
          where deployment.flow_id = ? and +run.flow_id = deployment.flow_id and run.${isScheduled}
          limit cast(? as integer)`,
        parameters: [flowId, limit],
      }),
    ),
  olderRows: async (session, { table, column }, ids, before, limit) =>
    idsOf(
      await session.ask({
        sql: `
          select id from ${table} where ${column} in (select value from json_each(?)) and created < ?
          limit cast(? as integer)`,
        parameters: [JSON.stringify(ids), before, limit],
      }),
    ),
  heldIds: (session, reference, owner, after, limit) =>
    session.ask({ sql: heldIds(reference, owner, ['?', 'cast(? as integer)']), parameters: [after, limit] }),
  detachRows: (session, reference, ids) => session.send(detach('sqlite', reference, ids)),
  deleteRows: (session, table, ids) => session.send(remove('sqlite', table, ids)),
};

// differs because Postgres deletes in a process of its own, where a statement costs a round trip: larger steps.
/** 150 flow runs with three states each take Postgres some twenty milliseconds. */
export const deletionInPostgres: Deletion = {
  costAtOnce: 1200,
  // A table that the planner believes to be full of matches, or to be tiny, would be read from its beginning.
  prepare: (session) =>
    session.send({
      sql: "select set_config('lock_timeout', '2s', true), set_config('enable_seqscan', 'off', true)",
      parameters: [],
    }),
  lockRow: async (session, table, id) => {
    const sql = `select from ${table} where ${keyOf(table)} = $1 for update`;
    return (await session.ask({ sql, parameters: [id] })).length > 0;
  },
  claimRows: (session, table, ids) => rowsWith('postgres', session, table, ids, forUpdate),
  anyRows: async (session, table, limit) =>
    idsOf(
      await session.ask({
        sql: `select ${keyOf(table)} as id from ${table} limit cast($1 as bigint)`,
        parameters: [limit],
      }),
    ),
  // One target after the other, along the index; the select around the ids lets one plan be good for all.
  referringRows: (session, { table, column }, ids, limit) =>
    session.ask<ReferringRow>({
      sql: `
        select row.id, wanted.id as target
        from unnest((select cast($1 as uuid[]))) as wanted (id)
        cross join lateral (
          select ${keyOf(table)} as id from ${table} where ${column} = wanted.id limit cast($2 as bigint)
        ) as row
        limit cast($2 as bigint)`,
      parameters: [ids, limit],
    }),
  scheduledRuns: async (session, flowId, limit) =>
    idsOf(
      await session.ask({
        sql: `
          select run.id from deployment
          cross join lateral (
            select id, flow_id from flow_run where deployment_id = deployment.id and ${isScheduled} offset 0
          ) as run
          where deployment.flow_id = $1 and run.flow_id = $1
          limit cast($2 as bigint)`,
        parameters: [flowId, limit],
      }),
    ),
  olderRows: async (session, { table, column }, ids, before, limit) =>
    idsOf(
      await session.ask({
        sql: `
          select row.id
          from unnest((select cast($1 as uuid[]))) as wanted (id)
          cross join lateral (
            select id from ${table} where ${column} = wanted.id and created < $2 limit cast($3 as bigint)
          ) as row
          limit cast($3 as bigint)`,
        parameters: [ids, before, limit],
      }),
    ),
  heldIds: (session, reference, owner, after, limit) =>
    session.ask({
      sql: heldIds(reference, owner, ['cast($1 as uuid)', 'cast($2 as bigint)']),
      parameters: [after, limit],
    }),
  detachRows: (session, reference, ids) => session.send(detach('postgres', reference, ids)),
  deleteRows: (session, table, ids) => session.send(remove('postgres', table, ids)),
};

/**
 * Each step of the recursion finds the next id in the index, however many rows have the same. Not by EXISTS: Postgres might
 * read the owner's whole table for it.
 */
function heldIds(
  { table, column }: ReferenceColumn,
  owner: DeletableTable,
  [after, limit]: readonly [after: string, limit: string],
): string {
  const next = (last: string) =>
    `(select ${column} from ${table} where ${column} > ${last} order by ${column} limit 1)`;
  return `
    with recursive held (id, place) as (
      select ${next(after)}, 1
      union all
      select ${next('held.id')}, place + 1 from held where held.id is not null and place < ${limit}
    )
    select held.id, case when (select ${owner}.id from ${owner} where ${owner}.id = held.id) is null then 1 else 0 end as gone
    from held where held.id is not null order by held.place`;
}

const among: Record<DialectName, string> = {
  sqlite: 'in (select value from json_each(?))',
  postgres: '= any(cast((select cast($1 as uuid[])) as uuid[]))',
};

function parametersOf(dialect: DialectName, ids: readonly string[]): unknown[] {
  return [dialect === 'sqlite' ? JSON.stringify(ids) : ids];
}

async function rowsWith(
  dialect: DialectName,
  session: Writer,
  table: DeletableTable,
  ids: readonly string[],
  lock = '',
): Promise<string[]> {
  const sql = `select ${keyOf(table)} as id from ${table} where ${keyOf(table)} ${among[dialect]} ${lock}`;
  return idsOf(await session.ask({ sql, parameters: parametersOf(dialect, ids) }));
}

function detach(dialect: DialectName, { table, column }: ReferenceColumn, ids: readonly string[]): Statement {
  const sql = `update ${table} set ${column} = null where ${keyOf(table)} ${among[dialect]}`;
  return { sql, parameters: parametersOf(dialect, ids) };
}

function remove(dialect: DialectName, table: DeletableTable, ids: readonly string[]): Statement {
  const sql = `delete from ${table} where ${keyOf(table)} ${among[dialect]}`;
  return { sql, parameters: parametersOf(dialect, ids) };
}

/** The column that tells the rows of a table apart. */
function keyOf(table: DeletableTable): string {
  switch (table) {
    case 'mintaka_answered_request':
    case 'mintaka_waiting_retry':
      return 'run_id';
    case 'mintaka_former_secret':
      return 'block_document_id';
    default:
      return 'id';
  }
}

function idsOf(rows: readonly { id: string }[]): string[] {
  return rows.map(({ id }) => id);
}
