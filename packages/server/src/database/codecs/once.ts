import type { Kysely } from 'kysely';
import type { Tables } from '../tables.ts';

/**
 * Builds a query once per builder: queries are immutable, and building one with forty columns takes longer than reading a
 * row.
 */
export function oncePerBuilder<Query>(build: (sql: Kysely<Tables>) => Query): (sql: Kysely<Tables>) => Query {
  const built = new WeakMap<Kysely<Tables>, Query>();
  return (sql) => {
    const known = built.get(sql);
    if (known !== undefined) return known;
    const query = build(sql);
    built.set(sql, query);
    return query;
  };
}
