import type { Timestamp } from '@mintaka/contract';
import type { Reader, Writer } from '../statements.ts';
import type { Tables } from '../tables.ts';

/** A table whose rows can be deleted by their ids. */
export type DeletableTable = Exclude<keyof Tables, 'mintaka_deletion'>;

/** A column with ids of rows of another table. */
export type ReferenceColumn = { readonly table: DeletableTable; readonly column: string };

/** A row, and the one of the given ids that its column contains. */
export type ReferringRow = { id: string; target: string };

/** An id in a column, and whether its row was deleted (1) or not (0). */
export type HeldId = { id: string; gone: number };

/**
 * The statements of deletions. Each of them reads and writes a number of rows that its caller limits, and finds them with an
 * index. Any number of ids is one parameter.
 */
export type Deletion = {
  /**
   * How much one transaction should cost, half as much again at most: a log line costs 1, other rows what
   * `domain/deletion/relations.ts` says.
   */
  readonly costAtOnce: number;
  /**
   * Prepares a transaction for deleting: it waits at most two seconds for a lock, then fails with a lock timeout. Must come
   * before the other statements.
   */
  prepare(session: Writer): void;
  /** Locks a row until the transaction ends. Returns whether it exists. */
  lockRow(session: Writer, table: DeletableTable, id: string): Promise<boolean>;
  /** Locks the rows that exist and that no other transaction has locked. Returns their ids. */
  claimRows(session: Writer, table: DeletableTable, ids: readonly string[]): Promise<string[]>;
  /** Any rows of a table, at most `limit` of them. */
  anyRows(session: Writer, table: DeletableTable, limit: number): Promise<string[]>;
  /** Rows whose column contains one of the ids, at most `limit` of them. */
  referringRows(
    session: Writer,
    reference: ReferenceColumn,
    ids: readonly string[],
    limit: number,
  ): Promise<ReferringRow[]>;
  /** Scheduled runs of a flow's deployments, at most `limit` of them. */
  scheduledRuns(session: Writer, flowId: string, limit: number): Promise<string[]>;
  /** Like `referringRows`, but only rows that were created before a given time. */
  olderRows(
    session: Reader,
    reference: ReferenceColumn,
    ids: readonly string[],
    before: Timestamp,
    limit: number,
  ): Promise<string[]>;
  /**
   * The distinct ids in a column, ascending, after the given one, at most `limit` of them; and whether `owner`, the table that
   * they refer to, has no such row.
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
  /** Deletes the rows with these ids; foreign keys delete or detach what still refers to them. */
  deleteRows(session: Writer, table: DeletableTable, ids: readonly string[]): void;
};

/**
 * The text of {@link Deletion.heldIds}; `after` and `limit` are the parameters in the dialect's style. Each step of the
 * recursion finds the next id in the index, no matter how many rows have the same one.
 */
export function heldIdsText(
  { table, column }: ReferenceColumn,
  owner: DeletableTable,
  [after, limit]: readonly [after: string, limit: string],
): string {
  const next = (last: string) =>
    `(select ${column} from ${table} where ${column} > ${last} order by ${column} limit 1)`;
  return `
    with recursive
    -- the distinct ids: each step finds the next one in the index
    held (id, place) as (
      select ${next(after)}, 1
      union all
      select ${next('held.id')}, place + 1 from held where held.id is not null and place < ${limit}
    )
    -- a scalar subquery, not exists: for that Postgres might read all of the owner's table
    select held.id, case when (select ${owner}.id from ${owner} where ${owner}.id = held.id) is null then 1 else 0 end as gone
    from held where held.id is not null order by held.place`;
}

/** The key column of a table. */
export function keyOf(table: DeletableTable): string {
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

/** The ids of rows. */
export function idsOf(rows: readonly { id: string }[]): string[] {
  return rows.map(({ id }) => id);
}
