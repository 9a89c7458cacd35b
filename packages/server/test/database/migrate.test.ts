import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { openTestDatabase } from '@mintaka/testing/open';
import { testPostgres } from '@mintaka/testing/postgres';
import type { Database } from '../../src/database/database.ts';
import type { DialectName } from '../../src/database/dialect-name.ts';
import {
  databaseIsReady,
  dropTables,
  migrate,
  UnknownSchemaError,
} from '../../src/database/migrations/migrate.ts';
import { ownMigrations } from '../../src/database/migrations/own-migrations.ts';
import { introspect } from './introspect.ts';

const dialects: DialectName[] = ['sqlite', 'postgres'];
let folder: string;
let files = 0;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mintaka-migrate-'));
});
after(() => rm(folder, { recursive: true }));

/** The URL of an empty database for a test; undefined, and the test skipped, if Postgres is missing. */
async function emptyDatabase(dialect: DialectName, t: TestContext): Promise<string | undefined> {
  if (dialect === 'sqlite') {
    files += 1;
    return `sqlite:///${join(folder, `${files}.db`)}`;
  }
  const postgres = await testPostgres();
  if (postgres === undefined) t.skip('Postgres is not installed');
  else t.after(postgres.drop);
  return postgres?.url;
}

async function open(url: string, t: TestContext): Promise<Database> {
  const database = await openTestDatabase(url);
  t.after(() => database.close());
  return database;
}

async function expectedSchema(dialect: DialectName): Promise<unknown> {
  const file = new URL(`reference-schema-${dialect}.json`, import.meta.url);
  const { about: _, ...schema } = JSON.parse(await readFile(file, 'utf8'));
  return schema;
}

for (const dialect of dialects) {
  const additions = ownMigrations.filter((own) => own.sql[dialect] !== undefined).map((own) => own.name);
  const tables = (database: Database) => database.administer((connection) => introspect(connection, dialect));
  const migrated = (database: Database) => migrate(database);
  const isReady = (database: Database) =>
    database.administer((connection) => databaseIsReady(connection, dialect));
  const exec = (database: Database, sql: string) => database.administer((connection) => connection.exec(sql));
  const query = (database: Database, sql: string) =>
    database.administer((connection) => connection.query(sql, []));

  test(`${dialect}: an empty database gets exactly the schema and the rows of the reference`, async (t) => {
    const url = await emptyDatabase(dialect, t);
    if (url === undefined) return;
    const database = await open(url, t);
    assert.equal(await isReady(database), false);
    assert.deepEqual(await migrated(database), { created: true, added: additions });
    assert.equal(await isReady(database), true);
    assert.deepEqual(await tables(database), await expectedSchema(dialect));
  });

  test(`${dialect}: a migrated database is not changed, and keeps its rows`, async (t) => {
    const url = await emptyDatabase(dialect, t);
    if (url === undefined) return;
    const database = await open(url, t);
    await migrated(database);
    await exec(database, "INSERT INTO flow (name) VALUES ('kept')");
    const before = await query(database, 'SELECT * FROM mintaka_migration');
    assert.deepEqual(await migrated(database), { created: false, added: [] });
    assert.deepEqual(await query(database, 'SELECT * FROM mintaka_migration'), before);
    assert.equal((await query(database, "SELECT name FROM flow WHERE name = 'kept'")).length, 1);
  });

  test(`${dialect}: a database of the reference gets only our additions`, async (t) => {
    const url = await emptyDatabase(dialect, t);
    if (url === undefined) return;
    const database = await open(url, t);
    await migrated(database);
    await exec(database, 'DROP TABLE mintaka_migration; DROP INDEX mintaka_flow_run_slots_by_queue_id;');
    assert.equal(await isReady(database), false);
    assert.deepEqual(await migrated(database), { created: false, added: additions });
    assert.deepEqual(await tables(database), await expectedSchema(dialect));
  });

  test(`${dialect}: an addition that was lost when another program rebuilt a table is restored`, async (t) => {
    const url = await emptyDatabase(dialect, t);
    if (url === undefined) return;
    const database = await open(url, t);
    await migrated(database);
    await exec(database, 'DROP INDEX mintaka_flow_run_scheduled_by_queue_name');
    assert.equal(await isReady(database), false);
    await migrated(database);
    assert.equal(await isReady(database), true);
    assert.equal((await query(database, 'SELECT * FROM mintaka_migration')).length, additions.length);
  });

  test(`${dialect}: a schema of another revision is refused in one sentence and not changed`, async (t) => {
    const url = await emptyDatabase(dialect, t);
    if (url === undefined) return;
    const database = await open(url, t);
    await exec(
      database,
      `CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL);
       INSERT INTO alembic_version VALUES ('0123456789ab'); CREATE TABLE flow (name VARCHAR);`,
    );
    const before = await tables(database);
    await assert.rejects(migrated(database), (error) => {
      assert.ok(error instanceof UnknownSchemaError);
      assert.match(error.message, /^[^\n]*0123456789ab[^\n]*\.$/);
      return true;
    });
    assert.deepEqual(await tables(database), before);
    assert.equal(await isReady(database), false);
    assert.deepEqual(await migrationTables(database), []);
  });

  test(`${dialect}: tables with our names but without a revision belong to another program and are not changed`, async (t) => {
    const url = await emptyDatabase(dialect, t);
    if (url === undefined) return;
    const database = await open(url, t);
    await exec(database, 'CREATE TABLE flow (name VARCHAR); CREATE TABLE other (name VARCHAR)');
    await assert.rejects(migrated(database), UnknownSchemaError);
    assert.deepEqual(await migrationTables(database), []);
    await exec(database, 'DROP TABLE flow');
    assert.deepEqual(await migrationTables(database), []);
  });

  test(`${dialect}: a database with tables of other programs is refused, unless the operator allows it`, async (t) => {
    const url = await emptyDatabase(dialect, t);
    if (url === undefined) return;
    const database = await open(url, t);
    await exec(database, "CREATE TABLE other (name VARCHAR); INSERT INTO other VALUES ('kept')");
    await assert.rejects(migrated(database), (error) => {
      assert.ok(error instanceof UnknownSchemaError);
      assert.match(error.message, /^[^\n]*\(other\)[^\n]*MINTAKA_DATABASE_ALLOW_FOREIGN_TABLES=true\.$/);
      return true;
    });
    assert.deepEqual(await migrationTables(database), []);
    const { created } = await migrate(database, true);
    assert.equal(created, true);
    assert.equal(await isReady(database), true);
    assert.deepEqual(await query(database, 'SELECT name FROM other'), [{ name: 'kept' }]);
    assert.deepEqual(await migrated(database), { created: false, added: [] }, 'it is ours from now on');
  });

  test(`${dialect}: servers that start concurrently on an empty database all find it migrated`, async (t) => {
    const url = await emptyDatabase(dialect, t);
    if (url === undefined) return;
    const databases = await Promise.all(Array.from({ length: 4 }, () => open(url, t)));
    const migrations = await Promise.all(databases.map(migrated));
    assert.equal(migrations.filter(({ created }) => created).length, 1);
    for (const database of databases) assert.equal(await isReady(database), true);
    const [first] = databases;
    assert.ok(first !== undefined);
    assert.deepEqual(await tables(first), await expectedSchema(dialect));
  });

  test(`${dialect}: dropping leaves an empty revision table, and migrating creates everything again`, async (t) => {
    const url = await emptyDatabase(dialect, t);
    if (url === undefined) return;
    const database = await open(url, t);
    await migrated(database);
    await dropTables(database);
    assert.equal(await isReady(database), false);
    assert.deepEqual(Object.keys((await tables(database)).tables), ['alembic_version']);
    await dropTables(database);
    assert.equal((await migrated(database)).created, true);
    assert.deepEqual(await tables(database), await expectedSchema(dialect));
  });

  async function migrationTables(database: Database): Promise<unknown[]> {
    const catalogue = dialect === 'sqlite' ? 'sqlite_master' : '(SELECT relname AS name FROM pg_class) names';
    return query(database, `SELECT name FROM ${catalogue} WHERE name LIKE 'mintaka%' OR name = 'work_pool'`);
  }
}
