import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { postgresInterval } from '../codecs/interval.ts';
import type { Bindings } from './bindings.ts';
import { blockDocumentsInPostgres } from './block-documents.ts';
import { blockSchemas } from './block-schemas.ts';
import { deletionInPostgres } from './deletion.ts';
import type { Dialect } from './dialect.ts';
import { dispatchFromPostgres } from './dispatch-postgres.ts';
import { historyInPostgres } from './history.ts';
import { insertLogsIntoPostgres } from './logs.ts';
import { takeNotificationsFrom } from './notifications.ts';
import { idsOfPageInPostgres } from './page.ts';
import { runsByIdFromPostgres } from './runs-by-id.ts';
import { scheduledRunsInPostgres } from './scheduled-runs.ts';
import { stateChange } from './state-change.ts';

const bindings: Bindings = {
  interval: postgresInterval,
  isAnyOf: (column, values) => sql`${sql.ref(column)} = any(${values})`,
  // A select around the ids hides from the planner how many they are.
  hasId: (column, ids) => sql`${sql.ref(column)} = any(cast((select cast(${ids} as uuid[])) as uuid[]))`,
  isNoneOf: (column, values) => sql`${sql.ref(column)} <> all(${values})`,
  jsonHasAny: (column, values) => sql`${sql.ref(column)} ?| ${values}::text[]`,
  jsonHasAll,
  jsonIsEmpty: (column) => sql`${sql.ref(column)} = '[]'::jsonb`,
  contains: (column, text) => sql`${sql.ref(column)} ilike ${`%${literalBackslashes(text)}%`}`,
  startsWithAnyOf: (column, texts) =>
    sql`${sql.ref(column)} ilike any(${texts.map((text) => `${literalBackslashes(text)}%`)})`,
  lock: (query, table) => query.forUpdate(table),
  keep: (query, table) => query.forKeyShare(table),
  claim: (query, table) => query.forNoKeyUpdate(table).skipLocked(),
};

/**
 * By the operator that the index over tags knows; the index leaves out rows without any. Lone surrogates are no JSON for
 * Postgres; no stored text has them either.
 */
function jsonHasAll(column: string, values: readonly string[]): RawBuilder<SqlBool> {
  const held = sql.ref(column);
  const wanted = JSON.stringify(values.map((value) => value.toWellFormed()));
  return sql`(${held} <> '[]'::jsonb and ${held} @> ${wanted}::jsonb)`;
}

// differs because Postgres' LIKE takes a backslash for an escape, and SQLite's has none.
function literalBackslashes(text: string): string {
  return text.replaceAll('\\', '\\\\');
}

const queueNotifications = `
  insert into flow_run_notification_queue (flow_run_notification_policy_id, flow_run_state_id)
  select policy.id, cast($1 as uuid)
  from flow_run_notification_policy as policy
  where policy.is_active
    and (policy.state_names = '[]' or policy.state_names ?| array(select jsonb_array_elements_text(cast($2 as jsonb))))
    and (policy.tags = '[]' or policy.tags ?| array(select jsonb_array_elements_text(cast($3 as jsonb))))`;

/** Postgres' spelling. */
export const postgresDialect: Dialect = {
  name: 'postgres',
  bindings,
  seeking: bindings,
  // differs because Postgres' texts and its jsonb hold every character but this one.
  takesNul: false,
  questions: {
    blockDocuments: blockDocumentsInPostgres,
    blockSchemas,
    stateChange: stateChange('postgres', queueNotifications),
    history: historyInPostgres,
    idsOfPage: idsOfPageInPostgres(bindings),
    runsById: runsByIdFromPostgres,
    dispatch: dispatchFromPostgres,
    insertLogs: insertLogsIntoPostgres,
    takeNotifications: takeNotificationsFrom('postgres', bindings),
    scheduledRuns: scheduledRunsInPostgres,
    deletion: deletionInPostgres,
  },
};
