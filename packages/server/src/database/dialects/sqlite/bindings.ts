import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { sqliteInterval } from '../../codecs/interval.ts';
import type { Bindings } from '../bindings.ts';

const isAnyOf: Bindings['isAnyOf'] = (column, values) =>
  sql`${sql.ref(column)} in (select value from json_each(${JSON.stringify(values)}))`;

/** SQLite's spelling of {@link Bindings}. */
export const sqliteBindings: Bindings = {
  interval: sqliteInterval,
  isAnyOf,
  hasId: isAnyOf,
  isNoneOf: (column, values) =>
    sql`${sql.ref(column)} not in (select value from json_each(${JSON.stringify(values)}))`,
  jsonHasAny: (column, values) =>
    sql`exists (select 1 from json_each(${sql.ref(column)}) as held where held.value in (select value from json_each(${JSON.stringify(values)})))`,
  jsonHasAll,
  jsonIsEmpty: (column) => sql`${sql.ref(column)} = '[]'`,
  // differs because SQLite's lower() and LIKE ignore the case of ASCII letters only.
  contains: (column, text) => sql`lower(${searched(column, [text])}) like lower(${`%${withoutNul(text)}%`})`,
  startsWithAnyOf: (column, texts) =>
    sql`exists (select 1 from json_each(${JSON.stringify(texts.map(withoutNul))}) as beginning where lower(${searched(column, texts)}) like lower(beginning.value || '%'))`,
  lock: (query) => query,
  keep: (query) => query,
  claim: (query) => query,
};

/**
 * A column as LIKE must see it. LIKE reads texts and patterns only up to their first NUL: if the pattern has one, it is
 * replaced by another character on both sides.
 */
function searched(column: string, texts: readonly string[]): RawBuilder<string> {
  const held = sql.ref<string>(column);
  return texts.some((text) => text.includes('\0')) ? sql`mintaka_without_nul(${held})` : held;
}

function withoutNul(text: string): string {
  return text.replaceAll('\0', '\ufffd');
}

/**
 * Searches the JSON's text for one of the values first, because parsing the JSON of each row takes ten times as long. The
 * value must be one that JSON does not escape; without such a value the search is for the empty text, which always matches.
 * Then the stored values are looked up among the given ones; the other way round SQLite would parse a row's JSON for each
 * given value.
 */
function jsonHasAll(column: string, values: readonly string[]): RawBuilder<SqlBool> {
  const held = sql.ref(column);
  const plain = values.find((value) => /^[ !#-[\]-~]+$/.test(value));
  return sql`case when instr(${held}, ${plain === undefined ? '' : `"${plain}"`})
    then (select count(distinct item.value) from json_each(${held}) as item where item.value in (select value from json_each(${JSON.stringify(values)}))) = ${new Set(values).size}
    else false end`;
}

/** SQLite's bindings for queries that read every match; see `Dialect.seeking`. */
export const sqliteSeeking: Bindings = { ...sqliteBindings, jsonHasAll: jsonHasAllByIndex };

/** The columns that have an index over all tags. */
const tagged = new Set(['flow_run.tags', 'task_run.tags']);

/** {@link jsonHasAll} through the index over all tags. */
function jsonHasAllByIndex(column: string, values: readonly string[]): RawBuilder<SqlBool> {
  const [table] = column.split('.');
  if (table === undefined || !tagged.has(column)) return jsonHasAll(column, values);
  return sql`${sql.ref(`${table}.rowid`)} in (
    select held.rowid from ${sql.table(table)} as held
    where held.tags <> '[]' and ${jsonHasAll('held.tags', values)})`;
}
