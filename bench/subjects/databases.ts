import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Cluster, startCluster } from '@mintaka/testing/cluster';
import { dropPostgresDatabase, makePostgresDatabase, onPostgres } from '@mintaka/testing/postgres-databases';
import type pg from 'pg';

/** The databases that a server can use. */
export const dialects = ['sqlite', 'postgres'] as const;
/** One of them. */
export type Dialect = (typeof dialects)[number];

/** The dialects that a command line's --only selects; all of them by default. Throws for an unknown one. */
export function dialectsOf(only: string | undefined): readonly Dialect[] {
  const wanted = dialects.filter((dialect) => only === undefined || dialect === only);
  if (wanted.length === 0) throw new Error(`--only must be ${dialects.join(' or ')}, not "${only}"`);
  return wanted;
}

/** A database for one server. */
export type BenchDatabase = {
  /** The URL for the server. */
  serverUrl: string;
  /** The target for the bare driver: a file, or a connection string. */
  driverTarget: string;
  /** Reads rows past the server; the query must be one that both dialects understand. */
  query: (text: string) => Promise<Record<string, unknown>[]>;
};

/** A place in which databases are created. */
export type DatabaseHost = {
  dialect: Dialect;
  create: () => Promise<BenchDatabase>;
  /** Removes a large one before the end. */
  drop: (database: BenchDatabase) => Promise<void>;
  /** A folder for everything else of the servers; it is removed at the end. */
  folder: string;
  close: () => Promise<void>;
};

/** Opens a place for databases: a temporary folder, or Postgres (MINTAKA_TEST_POSTGRES_URL, or else a temporary cluster). */
export function openHost(dialect: Dialect): Promise<DatabaseHost> {
  return dialect === 'sqlite' ? openFolder() : openPostgres();
}

async function openFolder(): Promise<DatabaseHost> {
  const folder = mkdtempSync(join(tmpdir(), 'mintaka-bench-'));
  return {
    dialect: 'sqlite',
    folder,
    create: async () => {
      const file = join(folder, `${freshName()}.db`);
      return {
        serverUrl: `sqlite+aiosqlite:///${file}`,
        driverTarget: file,
        query: async (text) => readFile(file, text),
      };
    },
    drop: async ({ driverTarget }) => {
      for (const end of ['', '-wal', '-shm']) rmSync(driverTarget + end, { force: true });
    },
    close: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

function readFile(file: string, text: string): Record<string, unknown>[] {
  const database = new DatabaseSync(file, { timeout: 60_000 });
  try {
    return database.prepare(text).all();
  } finally {
    database.close();
  }
}

async function openPostgres(): Promise<DatabaseHost> {
  const given = process.env.MINTAKA_TEST_POSTGRES_URL;
  const cluster = given === undefined ? await ownCluster() : { url: given, stop: () => {} };
  const folder = mkdtempSync(join(tmpdir(), 'mintaka-bench-'));
  const made = new Set<string>();
  const drop = async (name: string) => {
    await dropPostgresDatabase(cluster.url, name);
    made.delete(name);
  };
  return {
    dialect: 'postgres',
    folder,
    create: async () => {
      const name = freshName();
      const url = new URL(await makePostgresDatabase(cluster.url, name));
      await ask(cluster.url, `ALTER DATABASE ${name} SET jit = off`);
      made.add(name);
      url.protocol = 'postgresql:';
      return {
        serverUrl: url.href.replace('postgresql:', 'postgresql+asyncpg:'),
        driverTarget: url.href,
        query: (text) => ask(url.href, text),
      };
    },
    drop: ({ driverTarget }) => drop(new URL(driverTarget).pathname.slice(1)),
    close: async () => {
      for (const name of made) await drop(name);
      cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A cluster that syncs like an operator's, for measurements; it stops with this process at the latest. */
async function ownCluster(): Promise<Cluster> {
  const cluster = await startCluster('full');
  if (cluster === undefined) {
    throw new Error('Postgres is not installed; set MINTAKA_TEST_POSTGRES_URL to use another server');
  }
  process.once('exit', cluster.stop);
  return cluster;
}

async function ask(connectionString: string, text: string): Promise<Record<string, unknown>[]> {
  // As text and in UTC: a Date would lose the microseconds.
  const work = async (client: pg.Client) => {
    await client.query("SET timezone = 'UTC'");
    return (await client.query<Record<string, unknown>>(text)).rows;
  };
  return onPostgres(connectionString, work, { types: { getTypeParser: () => String } });
}

function freshName(): string {
  return `mintaka_bench_${randomBytes(6).toString('hex')}`;
}
