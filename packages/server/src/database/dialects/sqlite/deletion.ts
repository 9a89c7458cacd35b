import type { Reader } from '../../statements.ts';
import {
  type DeletableTable,
  type Deletion,
  heldIdsText,
  idsOf,
  keyOf,
  type ReferringRow,
} from '../deletion.ts';
import { isScheduled } from '../index-conditions.ts';

/**
 * SQLite deletes on the event loop: fifteen flow runs with three states each, or 120 log lines, take about two milliseconds,
 * and their commit one more.
 */
export const deletionInSqlite: Deletion = {
  costAtOnce: 120,
  prepare: () => {},
  lockRow: async (session, table, id) => (await existing(session, table, [id])).length > 0,
  claimRows: existing,
  anyRows: async (session, table, limit) =>
    idsOf(
      await session.ask({
        sql: `
          -- in the order of the table: neighbours share pages in most indexes as well
          select ${keyOf(table)} as id from ${table} order by rowid limit cast(? as integer)`,
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
  scheduledRuns: async (session, flowId, limit) =>
    idsOf(
      await session.ask({
        sql: `
          select run.id from deployment cross join flow_run as run on run.deployment_id = deployment.id
          where deployment.flow_id = ?
            -- the plus keeps SQLite from using the index over flows, and looking through all runs of the flow
            and +run.flow_id = deployment.flow_id and run.${isScheduled}
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
    session.ask({
      sql: heldIdsText(reference, owner, ['?', 'cast(? as integer)']),
      parameters: [after, limit],
    }),
  detachRows: (session, { table, column }, ids) =>
    session.send({
      sql: `update ${table} set ${column} = null where ${isAmong(table)}`,
      parameters: [JSON.stringify(ids)],
    }),
  deleteRows: (session, table, ids) =>
    session.send({ sql: `delete from ${table} where ${isAmong(table)}`, parameters: [JSON.stringify(ids)] }),
};

const isAmong = (table: DeletableTable) => `${keyOf(table)} in (select value from json_each(?))`;

/** The ids that exist. SQLite has one writer, so nothing needs a lock. */
async function existing(session: Reader, table: DeletableTable, ids: readonly string[]): Promise<string[]> {
  const sql = `select ${keyOf(table)} as id from ${table} where ${isAmong(table)}`;
  return idsOf(await session.ask({ sql, parameters: [JSON.stringify(ids)] }));
}
