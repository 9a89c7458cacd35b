import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { postgresInterval } from '../../codecs/interval.ts';
import type { Bindings } from '../bindings.ts';

/** Postgres' spelling of {@link Bindings}. */
export const postgresBindings: Bindings = {
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
 * Uses the operator of the index over tags, and repeats its condition: the index does not contain rows without tags. Postgres
 * rejects lone surrogates in JSON; no stored text has any.
 */
function jsonHasAll(column: string, values: readonly string[]): RawBuilder<SqlBool> {
  const held = sql.ref(column);
  const wanted = JSON.stringify(values.map((value) => value.toWellFormed()));
  return sql`(${held} <> '[]'::jsonb and ${held} @> ${wanted}::jsonb)`;
}

/** differs because a backslash is an escape character in Postgres' LIKE, and not in SQLite's. */
function literalBackslashes(text: string): string {
  return text.replaceAll('\\', '\\\\');
}
