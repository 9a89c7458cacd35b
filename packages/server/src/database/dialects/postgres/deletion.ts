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
 * differs because Postgres deletes in its own process, and a statement costs a round trip: larger steps. 150 flow runs with
 * three states each take about twenty milliseconds.
 */
export const deletionInPostgres: Deletion = {
  costAtOnce: 1200,
  // Without sequential scans: a table that seems tiny, or full of matches, would be read from its beginning.
  prepare: (session) =>
    session.send({
      sql: "select set_config('lock_timeout', '2s', true), set_config('enable_seqscan', 'off', true)",
      parameters: [],
    }),
  lockRow: async (session, table, id) => {
    const sql = `select from ${table} where ${keyOf(table)} = $1 for update`;
    return (await session.ask({ sql, parameters: [id] })).length > 0;
  },
  claimRows: async (session, table, ids) => {
    const sql = `select ${keyOf(table)} as id from ${table} where ${isAmong(table)} for update skip locked`;
    return idsOf(await session.ask({ sql, parameters: [ids] }));
  },
  anyRows: async (session, table, limit) =>
    idsOf(
      await session.ask({
        sql: `select ${keyOf(table)} as id from ${table} limit cast($1 as bigint)`,
        parameters: [limit],
      }),
    ),
  referringRows: (session, { table, column }, ids, limit) =>
    session.ask<ReferringRow>({
      sql: `
        select row.id, wanted.id as target
        -- the select around the ids hides their number, so that one generic plan serves every list
        from unnest((select cast($1 as uuid[]))) as wanted (id)
        -- one target after the other, along the index
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
            -- offset 0: reads the runs of each deployment, not all runs of the flow
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
      sql: heldIdsText(reference, owner, ['cast($1 as uuid)', 'cast($2 as bigint)']),
      parameters: [after, limit],
    }),
  detachRows: (session, { table, column }, ids) =>
    session.send({ sql: `update ${table} set ${column} = null where ${isAmong(table)}`, parameters: [ids] }),
  deleteRows: (session, table, ids) =>
    session.send({ sql: `delete from ${table} where ${isAmong(table)}`, parameters: [ids] }),
};

/** The select around the ids hides their number, so that one generic plan serves every list. */
const isAmong = (table: DeletableTable) =>
  `${keyOf(table)} = any(cast((select cast($1 as uuid[])) as uuid[]))`;
