import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { Database, WriteSession } from '../../../src/database/database.ts';
import { type Databases, openBoth } from '../../database/databases.ts';
import { idOf, pool, queue, run, writeWorld } from '../../database/dispatch/world.ts';

const flowRun = run(1, queue(1, 0), 1);
const taskRun = idOf('run', 2);

let databases: Databases;
before(async () => {
  databases = await openBoth();
  for (const database of databases.all) {
    await database.transaction(async (session) => {
      await writeWorld(session, { pools: [pool(0)], queues: [queue(1, 0)], runs: [flowRun] });
      await session.run(
        session.sql.insertInto('task_run').values({
          id: taskRun,
          name: 'task',
          flow_run_id: flowRun.id,
          task_key: 'key',
          dynamic_key: '0',
          empirical_policy: '{}',
          task_inputs: '{}',
          tags: '[]',
          total_run_time: session.dialect.bindings.interval(0),
        }),
      );
    });
  }
});
after(() => databases.close());

/** What decides about a state change, and what writes it. */
const readers = ['domain/state-changes', 'orchestration'].flatMap((folder) => {
  const root = new URL(`../../../src/${folder}/`, import.meta.url);
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(new URL(file, root), 'utf8'));
});
const code = readers
  .join('\n')
  .replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
  // A declared column is not yet a used one.
  .replaceAll(/^ {2}(readonly )?\w+\??: .*;$/gm, '');

async function columnsOf(
  database: Database,
  read: (session: WriteSession) => Promise<object | undefined>,
): Promise<string[]> {
  const row = await database.transaction(read);
  assert.ok(row !== undefined);
  return Object.keys(row);
}

const reads: [kind: string, read: (session: WriteSession) => Promise<object | undefined>][] = [
  ['flow run', (session) => session.dialect.questions.stateChange.flowRun(session, flowRun.id)],
  ['task run', (session) => session.dialect.questions.stateChange.taskRun(session, taskRun)],
];

for (const [kind, read] of reads) {
  test(`a state change of a ${kind} reads only columns that are used`, async () => {
    for (const database of databases.all) {
      const columns = await columnsOf(database, read);
      const unused = columns.filter((column) => !new RegExp(`\\b${column}\\b`).test(code));
      assert.deepEqual(unused, [], database.dialect.name);
    }
  });
}
