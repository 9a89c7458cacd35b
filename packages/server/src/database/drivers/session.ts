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
 * Casts limits, since SQLite looks at a parameter that is a limit by itself in order to plan, and then plans the statement
 * anew each time it is bound: that takes longer than to read a short page.
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

/** A query or a hand-written statement as SQL with its parameters. */
export function toStatement(query: Query<unknown> | Statement): Statement {
  return 'compile' in query ? query.compile() : query;
}
