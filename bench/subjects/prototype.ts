// A minimal server: `node:http`, the same tables, statements and commits, but no validation and no rules. It shows what the
// rest of our server costs. It supports only the requests of the task runs' load, and trusts them.
// usage: node prototype.ts --dialect sqlite --database FILE --port 4370
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import type { StateType } from '../../packages/contract/src/index.ts';
import { systemClock } from '../../packages/server/src/clock.ts';
import { openPrototype, type PrototypeDatabase, type Table, type Writing } from './prototype-database.ts';

type State = { type: StateType; name: string; message: null; data: null; state_details: object };
type Fields = Readonly<Record<string, unknown>>;
type Body = Fields & { state: State };
type Answer = { status: number; value: unknown };

const plainColumns = {
  flow_run: ['name', 'flow_id', 'flow_version'],
  task_run: ['name', 'flow_run_id', 'task_key', 'dynamic_key'],
};
const jsonColumns = {
  flow_run: ['parameters', 'context', 'tags', 'empirical_policy'],
  task_run: ['task_inputs', 'tags', 'empirical_policy'],
};

async function answerTo(database: PrototypeDatabase, url: string, sent: string): Promise<Answer> {
  const [, , resource, id] = url.split('/');
  if (resource === 'health') return { status: 200, value: true };
  const body: Body = JSON.parse(sent);
  if (resource === 'flows') return database.transaction(async (writing) => createFlow(writing, body));
  const table = resource === 'flow_runs' ? 'flow_run' : 'task_run';
  if (id === undefined || id === '')
    return database.transaction(async (writing) => createRun(writing, table, body));
  return database.transaction((writing) => setState(writing, table, id, body.state));
}

function createFlow(writing: Writing, { name }: Fields): Answer {
  const id = randomUUID();
  writing.insert('flow', { id, name });
  return { status: 201, value: { id } };
}

function createRun(writing: Writing, table: Table, body: Body): Answer {
  const id = randomUUID();
  const plain = plainColumns[table].map((column) => [column, body[column]]);
  const json = jsonColumns[table].map((column) => [column, JSON.stringify(body[column])]);
  writing.insert(table, { id, ...Object.fromEntries([...plain, ...json]) });
  writeState(writing, table, id, body.state, {});
  return { status: 201, value: { id } };
}

async function setState(writing: Writing, table: Table, id: string, proposed: State): Promise<Answer> {
  const run = await writing.read(table, id);
  const now = systemClock.now();
  const patch =
    proposed.type === 'RUNNING' ? { run_count: run.run_count + 1, start_time: now } : { end_time: now };
  const state = writeState(writing, table, id, proposed, patch);
  return { status: 201, value: { state, status: 'ACCEPT', details: { type: 'accept_details' } } };
}

function writeState(
  writing: Writing,
  table: Table,
  runId: string,
  { type, name, message, data, state_details }: State,
  patch: Record<string, string | number>,
) {
  const id = randomUUID();
  const now = systemClock.now();
  const details = JSON.stringify(state_details);
  writing.insertState(
    table,
    runId,
    { id, type, name, timestamp: now, message, details, artifactId: null },
    now,
  );
  const pointer = { state_id: id, state_type: type, state_name: name, state_timestamp: now };
  writing.updateRun(table, runId, { ...pointer, ...patch, updated: now });
  return { id, type, name, timestamp: now, message, data, state_details };
}

const { values } = parseArgs({
  options: {
    dialect: { type: 'string', default: 'sqlite' },
    database: { type: 'string', default: '' },
    port: { type: 'string', default: '4370' },
  },
});
const database = await openPrototype(values.dialect === 'postgres' ? 'postgres' : 'sqlite', values.database);
const server = createServer(async (request, response) => {
  const { status, value } = await answerTo(database, request.url ?? '', await text(request));
  const bytes = Buffer.from(JSON.stringify(value));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length });
  response.end(bytes);
});
server.listen(Number(values.port), '127.0.0.1');
process.once('SIGTERM', () => process.exit(0));
