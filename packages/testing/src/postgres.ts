import { createHash, randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { Database } from '../../server/src/database/database.ts';
import { openPostgres } from '../../server/src/database/drivers/postgres.ts';
import { migrate } from '../../server/src/database/migrations/migrate.ts';
import { ownMigrations } from '../../server/src/database/migrations/own-migrations.ts';
import { schemaOf } from '../../server/src/database/migrations/schema-of.ts';
import { parseDatabaseUrl } from '../../server/src/database/url.ts';
import { startCluster } from './cluster.ts';
import { openTestDatabase } from './open.ts';
import { dropPostgresDatabase, makePostgresDatabase, onPostgres } from './postgres-databases.ts';

/** The variable with the URL of the Postgres server for tests: a database whose role can create databases. */
export const postgresVariable = 'MINTAKA_TEST_POSTGRES_URL';

/** A database that one test or one test file has for itself. */
export type TestPostgres = { url: string; drop(): Promise<void> };

/** An arbitrary id for an advisory lock. */
const templateLock = 7_304_118_294_552;

let server: Promise<string | undefined> | undefined;

/**
 * Creates a fresh Postgres database, empty or (`migrated`) with the schema. Returns undefined if Postgres is not
 * installed; the test then skips itself. The server is the one in {@link postgresVariable}. If that is not set (a
 * file that runs without `global-setup.ts`), a server is started for this process and stops with it.
 */
export async function testPostgres(options: { migrated?: boolean } = {}): Promise<TestPostgres | undefined> {
  server ??= findServer();
  const url = await server;
  if (url === undefined) return undefined;
  const name = `mintaka_test_${process.pid}_${randomBytes(6).toString('hex')}`;
  const template = options.migrated === true ? await migratedTemplate(url) : undefined;
  return {
    url: await makePostgresDatabase(url, name, template),
    drop: () => dropPostgresDatabase(url, name),
  };
}

/** Opens a Postgres database with short timeouts, for tests that break it. */
export function openHasty(url: string, poolSize = 3): Promise<Database> {
  const location = parseDatabaseUrl(url);
  if (location.dialect !== 'postgres') throw new Error(`${url} is not a Postgres database`);
  return openPostgres({
    ...location,
    connectionTimeout: 1,
    statementTimeout: 1,
    lockTimeout: 0.5,
    poolSize,
    onConnectionLost: () => {},
    monotonic: () => performance.now(),
    onCommit: undefined,
    patience: { retry: 5000, commit: 1000 },
  });
}

async function findServer(): Promise<string | undefined> {
  const given = process.env[postgresVariable];
  if (given !== undefined && given !== '') return given;
  const cluster = await startCluster();
  if (cluster !== undefined) process.once('exit', cluster.stop);
  return cluster?.url;
}

/** The name of a database with the current schema, created by the first process that needs it. */
async function migratedTemplate(url: string): Promise<string> {
  const schema = schemaOf('postgres');
  const text = [
    schema.bookkeeping,
    schema.create,
    ...ownMigrations.map((own) => own.sql.postgres ?? ''),
  ].join('\n');
  const name = `mintaka_template_${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
  await onPostgres(url, async (client) => {
    // The lock ends with the connection.
    await client.query('SELECT pg_advisory_lock($1)', [templateLock]);
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await makeTemplate(client, url, name);
  });
  return name;
}

/** Creates it under another name first, so that an unfinished template is never used. */
async function makeTemplate(client: pg.Client, url: string, name: string): Promise<void> {
  const unfinished = `${name}_unfinished`;
  await dropPostgresDatabase(url, unfinished);
  const database = await openTestDatabase(await makePostgresDatabase(url, unfinished));
  await migrate(database);
  await database.close();
  await client.query(`ALTER DATABASE ${unfinished} RENAME TO ${name}`);
}
