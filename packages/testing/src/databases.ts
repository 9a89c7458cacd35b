import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { dropPostgresDatabase, makePostgresDatabase, onPostgres } from './postgres-databases.ts';

/** The databases that both servers know. */
export type Dialect = 'sqlite' | 'postgres';

/** One value of a row, as a text or number that can be compared between databases. */
export type Cell = string | number | null;

/** A row by its columns' names. */
export type Row = Record<string, Cell>;

/** A fresh database for one server. */
export type TestDatabase = {
  dialect: Dialect;
  /** The value of PREFECT_ORION_DATABASE_CONNECTION_URL. */
  url: string;
  /** Names of the tables that both servers share. */
  tables(): Promise<string[]>;
  /** All rows of a table, with each value in its stored text. */
  rows(table: string): Promise<Row[]>;
  /** Runs a statement that changes rows. */
  write(sql: string): Promise<void>;
  /** Removes the database. */
  drop(): Promise<void>;
};

/** The Postgres server of the tests: a URL with a role that can create databases; undefined without one. */
export function postgresUrl(): string | undefined {
  return process.env.MINTAKA_TEST_POSTGRES_URL;
}

/** Creates an empty database; `name` identifies the test. */
export async function createDatabase(dialect: Dialect, name: string): Promise<TestDatabase> {
  return dialect === 'sqlite' ? createSqlite(name) : createPostgres(name);
}

/** Chooses the path of an SQLite file in its own folder. */
export function createSqlite(name: string): TestDatabase & { file: string } {
  const folder = mkdtempSync(join(tmpdir(), `mintaka-conformance-${name}-`));
  const file = join(folder, 'orion.db');
  const query = (sql: string): Row[] => {
    const database = new DatabaseSync(file, { readOnly: true });
    try {
      return database.prepare(sql).all().map(sqliteRow);
    } finally {
      database.close();
    }
  };
  return {
    dialect: 'sqlite',
    file,
    url: `sqlite+aiosqlite:///${file}`,
    tables: async () =>
      query("SELECT name FROM sqlite_master WHERE type = 'table'")
        .map((row) => String(row.name))
        .filter(isShared),
    rows: async (table) => query(`SELECT * FROM "${table}"`),
    write: async (sql) => {
      const database = new DatabaseSync(file, { timeout: 10_000, enableForeignKeyConstraints: true });
      try {
        database.exec(sql);
      } finally {
        database.close();
      }
    },
    drop: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

function sqliteRow(row: Record<string, unknown>): Row {
  return Object.fromEntries(Object.entries(row).map(([column, value]) => [column, cell(value)]));
}

function cell(value: unknown): Cell {
  if (value === null || typeof value === 'number' || typeof value === 'string') return value;
  return String(value);
}

let created = 0;

async function createPostgres(name: string): Promise<TestDatabase> {
  const base = postgresUrl();
  if (base === undefined) throw new Error('MINTAKA_TEST_POSTGRES_URL is not the URL of a Postgres server.');
  created += 1;
  const database = `mintaka_conformance_${name}_${process.pid}_${created}`.toLowerCase();
  const reader = await makePostgresDatabase(base, database);
  return {
    dialect: 'postgres',
    url: reader.replace(/^postgres(ql)?:/, 'postgresql+asyncpg:'),
    tables: async () => {
      const rows = await query(reader, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
      return rows.map((row) => String(row.tablename)).filter(isShared);
    },
    rows: postgresReader(reader),
    write: async (sql) => void (await query(reader, sql)),
    drop: () => dropPostgresDatabase(base, database),
  };
}

/** Reads all rows of a table of a Postgres database. */
export function postgresReader(url: string): TestDatabase['rows'] {
  return async (table) => query(url, await textQuery(url, table));
}

async function textQuery(url: string, table: string): Promise<string> {
  const columns = await query(
    url,
    `SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '${table}'`,
  );
  const texts = columns.map(({ column_name: column }) => `"${column}"::text AS "${column}"`);
  return `SELECT ${texts.join(', ')} FROM "${table}"`;
}

async function query(url: string, sql: string): Promise<Row[]> {
  return onPostgres(url, async (client) => {
    await client.query("SET TIME ZONE 'UTC'");
    await client.query("SET intervalstyle = 'iso_8601'");
    return (await client.query<Row>(sql)).rows;
  });
}

function isShared(table: string): boolean {
  return !table.startsWith('mintaka_') && !table.startsWith('sqlite_') && !table.startsWith('kysely_');
}
