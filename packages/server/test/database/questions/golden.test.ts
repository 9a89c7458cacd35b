import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Database, WriteSession } from '../../../src/database/database.ts';
import { toStatement } from '../../../src/database/drivers/session.ts';
import { type Databases, openBoth } from '../databases.ts';
import { at, idOf, writeWorld } from '../dispatch/world.ts';
import { asked, world } from './asked.ts';
import { textOf } from './text-of.ts';

type Ask = (session: WriteSession) => unknown;
/** A statement of a question, with the name of the question. */
type Section = { name: string; sql: string };

/** The questions of each file. */
const files = Object.entries(asked).map(([name, ask]): [file: string, asks: [name: string, ask: Ask][]] => [
  `${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.sql`,
  typeof ask === 'function' ? [[name, ask]] : Object.entries(ask),
]);

let databases: Databases;
/** The statements of each file. */
const sections = new Map<Database, Map<string, Section[]>>();

before(async () => {
  databases = await openBoth();
  for (const database of databases.all) {
    await database.transaction(writeRows);
    const byFile = new Map<string, Section[]>();
    for (const [file, asks] of files) {
      const statements = asks.map(async ([name, ask]) =>
        (await statementsOf(database, ask)).map((sql) => ({ name, sql })),
      );
      byFile.set(file, (await Promise.all(statements)).flat());
    }
    sections.set(database, byFile);
  }
});
after(() => databases.close());

async function writeRows(session: WriteSession): Promise<void> {
  await writeWorld(session, world);
  const id = idOf('run', 1);
  await session.run(
    session.sql.updateTable('flow_run').set({ idempotency_key: 'taken' }).where('id', '=', id),
  );
  const notification = { id, flow_run_notification_policy_id: id, flow_run_state_id: id };
  const times = { created: at(0), updated: at(0) };
  await session.run(
    session.sql.insertInto('flow_run_notification_queue').values({ ...notification, ...times }),
  );
}

/** The different statements of a query. Those whose result is not awaited are not executed. */
async function statementsOf(database: Database, ask: Ask): Promise<string[]> {
  const texts = new Set<string>();
  await database.transaction(async (session) => {
    texts.clear();
    await ask({
      ...session,
      all: (query) => {
        texts.add(query.compile().sql);
        return session.all(query);
      },
      ask: (statement) => {
        texts.add(statement.sql);
        return session.ask(statement);
      },
      send: (query) => {
        texts.add(toStatement(query).sql);
      },
    });
  });
  return [...texts].map(textOf);
}

const headers = {
  sqlite: '-- To see a plan, put "explain query plan" before a statement in sqlite3.',
  postgres: '-- To see a plan, put "explain (generic_plan)" before a statement in psql, from Postgres 16 on.',
};

function folderOf({ dialect }: Database): string {
  return fileURLToPath(new URL(`golden/${dialect.name}/`, import.meta.url));
}

for (const [file] of files) {
  test(`golden/*/${file} has the statements that the server sends; \`npm run golden\` updates it`, ({
    assert,
  }) => {
    for (const database of databases.all) {
      const statements = sections.get(database)?.get(file) ?? [];
      const printed = statements.map(({ name, sql }) => `-- ${name}\n${sql};`);
      const text = `${[headers[database.dialect.name], ...printed].join('\n\n')}\n`;
      assert.fileSnapshot(text, folderOf(database) + file, { serializers: [String] });
    }
  });
}

test('every golden file has a query', () => {
  for (const database of databases.all) {
    const expected = files.map(([file]) => file).toSorted();
    assert.deepEqual(readdirSync(folderOf(database)).toSorted(), expected);
  }
});

test('each database can plan every printed statement', async () => {
  for (const database of databases.all) {
    for (const { sql } of [...(sections.get(database)?.values() ?? [])].flat()) await plan(database, sql);
  }
});

async function plan(database: Database, sql: string): Promise<void> {
  await database.administer(async (connection) => {
    if (database.dialect.name === 'sqlite') await connection.query(`explain query plan ${sql}`, []);
    else await connection.exec(`prepare golden as ${sql}; deallocate golden`);
  });
}

test('each common table expression has a comment', () => {
  for (const database of databases.all) {
    for (const { sql } of [...(sections.get(database)?.values() ?? [])].flat()) {
      const lines = sql.split('\n').map((line) => line.trim());
      for (const [place, line] of lines.entries()) {
        if (!/^(with (recursive )?)?\w+ (\([\w, ]+\) )?as (materialized )?\($/.test(line)) continue;
        assert.match(lines[place - 1] ?? '', /^--/, line);
      }
    }
  }
});
