import {
  DummyDriver,
  Kysely,
  type LimitNode,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Query, Statement } from '../statements.ts';
import type { Tables } from '../tables.ts';

/**
 * Casts limits. SQLite's planner uses the value of a bare limit parameter, and plans the statement again each time it is
 * bound, which takes longer than reading a short page.
 */
class SqliteCompiler extends SqliteQueryCompiler {
  protected override visitLimit({ limit }: LimitNode): void {
    this.append('limit cast(');
    this.visitNode(limit);
    this.append(' as integer)');
  }
}

/** A Kysely that only builds SQLite's SQL; our own driver runs it. */
export function sqliteBuilder(): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteCompiler(),
    },
  });
}

/** A Kysely that only builds Postgres' SQL; our own driver runs it. */
export function postgresBuilder(): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}

/** Compiles a query or a hand-written statement to SQL with parameters. */
export function toStatement(query: Query<unknown> | Statement): Statement {
  return 'compile' in query ? query.compile() : query;
}
