import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import pg from 'pg';
import type { Statement } from '../../packages/server/src/database/statements.ts';
import type { Dialect } from './databases.ts';

/** A bare connection that runs recorded statements, prepared once, one after the other. */
export type BareConnection = {
  /** Answers the number of rows of the last statement. */
  run(statements: readonly Statement[]): Promise<number>;
  close(): Promise<void>;
};

/** Opens the bare driver on a file or a connection string. */
export function openBare(dialect: Dialect, target: string): Promise<BareConnection> {
  return dialect === 'sqlite' ? openSqlite(target) : openPostgres(target);
}

async function openSqlite(file: string): Promise<BareConnection> {
  const database = new DatabaseSync(file, { timeout: 60_000 });
  const prepared = new Map<string, StatementSync>();
  return {
    run: async (statements) => {
      let rows = 0;
      for (const { sql, parameters } of statements) {
        const statement = prepared.get(sql) ?? database.prepare(sql);
        prepared.set(sql, statement);
        rows = statement.all(...parameters.map(sqliteValue)).length;
      }
      return rows;
    },
    close: async () => database.close(),
  };
}

/** A statement's parameter in SQLite's types. */
export function sqliteValue(value: unknown): SQLInputValue {
  switch (typeof value) {
    case 'boolean':
      return value ? 1 : 0;
    case 'number':
    case 'string':
      return value;
    default:
      return value === null ? null : JSON.stringify(value);
  }
}

async function openPostgres(connectionString: string): Promise<BareConnection> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query("SET timezone = 'UTC'");
  const names = new Map<string, string>();
  return {
    run: async (statements) => {
      let rows = 0;
      for (const { sql, parameters } of statements) {
        const name = names.get(sql) ?? `bench_${names.size}`;
        names.set(sql, name);
        rows = (await client.query({ name, text: sql, values: [...parameters], rowMode: 'array' })).rows
          .length;
      }
      return rows;
    },
    close: () => client.end(),
  };
}
