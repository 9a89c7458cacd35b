import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { sqliteInterval } from '../codecs/interval.ts';
import type { Bindings } from './bindings.ts';
import { blockDocumentsInSqlite } from './block-documents.ts';
import { blockSchemas } from './block-schemas.ts';
import { deletionInSqlite } from './deletion.ts';
import type { Dialect } from './dialect.ts';
import { dispatchFromSqlite } from './dispatch-sqlite.ts';
import { historyInSqlite } from './history.ts';
import { insertLogsIntoSqlite } from './logs.ts';
import { takeNotificationsFrom } from './notifications.ts';
import { idsOfPageInSqlite } from './page.ts';
import { runsByIdFromSqlite } from './runs-by-id.ts';
import { scheduledRunsInSqlite } from './scheduled-runs.ts';
import { stateChange } from './state-change.ts';

const isAnyOf: Bindings['isAnyOf'] = (column, values) =>
  sql`${sql.ref(column)} in (select value from json_each(${JSON.stringify(values)}))`;

const bindings: Bindings = {
  interval: sqliteInterval,
  isAnyOf,
  hasId: isAnyOf,
  isNoneOf: (column, values) =>
    sql`${sql.ref(column)} not in (select value from json_each(${JSON.stringify(values)}))`,
  jsonHasAny: (column, values) =>
    sql`exists (select 1 from json_each(${sql.ref(column)}) as held where held.value in (select value from json_each(${JSON.stringify(values)})))`,
  jsonHasAll,
  jsonIsEmpty: (column) => sql`${sql.ref(column)} = '[]'`,
  // differs because SQLite's lower() and LIKE know the small letters of ASCII only.
  contains: (column, text) => sql`lower(${searched(column, [text])}) like lower(${`%${withoutNul(text)}%`})`,
  startsWithAnyOf: (column, texts) =>
    sql`exists (select 1 from json_each(${JSON.stringify(texts.map(withoutNul))}) as beginning where lower(${searched(column, texts)}) like lower(beginning.value || '%'))`,
  lock: (query) => query,
  keep: (query) => query,
  claim: (query) => query,
};

/**
 * A column as LIKE is to see it. LIKE reads texts and patterns up to their first NUL: where one is looked for, something else
 * stands for it on both sides.
 */
function searched(column: string, texts: readonly string[]): RawBuilder<string> {
  const held = sql.ref<string>(column);
  return texts.some((text) => text.includes('\0')) ? sql`mintaka_without_nul(${held})` : held;
}

function withoutNul(text: string): string {
  return text.replaceAll('\0', '\ufffd');
}

const queueNotifications = `
  insert into flow_run_notification_queue (flow_run_notification_policy_id, flow_run_state_id)
  select policy.id, $1
  from flow_run_notification_policy as policy
  where policy.is_active = 1
    and (policy.state_names = '[]' or exists (
      select 1 from json_each(policy.state_names) as held where held.value in (select value from json_each($2))))
    and (policy.tags = '[]' or exists (
      select 1 from json_each(policy.tags) as held where held.value in (select value from json_each($3))))`;

/**
 * Parsing the JSON of each row takes ten times as long as looking for a text in it, so that comes first, for a value that
 * is certain to stand in the JSON as it is. Every text has the empty one in it, where there is no such value. What is held is
 * looked up among what is wanted, not the other way round: SQLite would parse each row's JSON anew for each wanted value.
 */
function jsonHasAll(column: string, values: readonly string[]): RawBuilder<SqlBool> {
  const held = sql.ref(column);
  const plain = values.find((value) => /^[ !#-[\]-~]+$/.test(value));
  return sql`case when instr(${held}, ${plain === undefined ? '' : `"${plain}"`})
    then (select count(distinct item.value) from json_each(${held}) as item where item.value in (select value from json_each(${JSON.stringify(values)}))) = ${new Set(values).size}
    else false end`;
}

const seeking: Bindings = { ...bindings, jsonHasAll: jsonHasAllByIndex };

/** The tables whose tags stand side by side in an index of ours. */
const tagged = new Set(['flow_run.tags', 'task_run.tags']);

/** The same through the index over all tags, for questions that look at every row that has them anyway. */
function jsonHasAllByIndex(column: string, values: readonly string[]): RawBuilder<SqlBool> {
  const [table] = column.split('.');
  if (table === undefined || !tagged.has(column)) return jsonHasAll(column, values);
  return sql`${sql.ref(`${table}.rowid`)} in (
    select held.rowid from ${sql.table(table)} as held
    where held.tags <> '[]' and ${jsonHasAll('held.tags', values)})`;
}

/** SQLite's spelling. */
export const sqliteDialect: Dialect = {
  name: 'sqlite',
  bindings,
  seeking,
  takesNul: true,
  questions: {
    blockDocuments: blockDocumentsInSqlite,
    blockSchemas,
    stateChange: stateChange('sqlite', queueNotifications),
    history: historyInSqlite,
    idsOfPage: idsOfPageInSqlite(bindings, seeking),
    runsById: runsByIdFromSqlite,
    dispatch: dispatchFromSqlite,
    insertLogs: insertLogsIntoSqlite,
    takeNotifications: takeNotificationsFrom('sqlite', bindings),
    scheduledRuns: scheduledRunsInSqlite,
    deletion: deletionInSqlite,
  },
};
