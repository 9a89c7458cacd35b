import type { BenchDatabase, Dialect } from '../subjects/databases.ts';
import { idOf, moment, openInsert, type Row, range } from './many-runs.ts';

const batch = 5000;
const stateTypes = ['PENDING', 'RUNNING', 'COMPLETED'] as const;
const taskRunsOfTenth = 2;
const logLinesOfTenth = 5;
const kind = 'run to delete';

/** The id of the flow that {@link loadOneFlow} writes. */
export const bigFlowId = idOf('flow', 1_000_000);

/**
 * Inserts a flow with runs directly into a database that has the tables. Each run has three states; each tenth has two task
 * runs with three states each, a cached result, five log lines, a result and a queued notification.
 */
export async function loadOneFlow(database: BenchDatabase, dialect: Dialect, runs: number): Promise<void> {
  const insert = await openInsert(database, dialect);
  const now = Date.now();
  await insert.rows('flow', [{ id: bigFlowId, name: 'to delete', tags: [] }]);
  for (let from = 0; from < runs; from += batch) {
    const numbers = range(from, Math.min(from + batch, runs));
    const start = (run: number) => now - (runs - run) * 2000;
    const tenth = numbers.filter((run) => run % 10 === 0);
    const taskRuns = tenth.flatMap((run) => range(0, taskRunsOfTenth).map((task) => run * 10 + task));
    await insert.rows(
      'artifact',
      tenth.map((run) => artifactRow(run)),
    );
    await insert.rows(
      'flow_run',
      numbers.map((run) => flowRunRow(run, start(run))),
    );
    await insert.rows(
      'flow_run_state',
      numbers.flatMap((run) => stateRows('flow_run', kind, run, start(run))),
    );
    await insert.rows(
      'task_run',
      taskRuns.map((task) => taskRunRow(task, start(Math.floor(task / 10)))),
    );
    await insert.rows(
      'task_run_state',
      taskRuns.flatMap((task) => stateRows('task_run', 'task', task, start(Math.floor(task / 10)))),
    );
    await insert.rows(
      'task_run_state_cache',
      taskRuns.map((task) => cacheRow(task)),
    );
    await insert.rows(
      'log',
      tenth.flatMap((run) => logRows(run, start(run))),
    );
    await insert.rows(
      'flow_run_notification_queue',
      tenth.map((run) => messageRow(run)),
    );
  }
  await insert.end();
}

/** The number of remaining rows of the deleted flow's runs, by table; tables without any are omitted. */
export async function whatIsLeft(database: BenchDatabase): Promise<Record<string, number>> {
  const gone = (column: string, parent: string) =>
    `${column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ${parent} WHERE ${parent}.id = ${column})`;
  const checks: [table: string, condition: string][] = [
    ['flow', `id = '${bigFlowId}'`],
    ['flow_run', `flow_id = '${bigFlowId}'`],
    ['flow_run_state', gone('flow_run_id', 'flow_run')],
    ['task_run', gone('flow_run_id', 'flow_run')],
    ['task_run_state', gone('task_run_id', 'task_run')],
    ['task_run_state_cache', gone('task_run_state_id', 'task_run_state')],
    ['log', gone('flow_run_id', 'flow_run')],
    ['artifact', gone('flow_run_id', 'flow_run')],
    ['flow_run_notification_queue', gone('flow_run_state_id', 'flow_run_state')],
    ['mintaka_deletion', "kind <> ''"],
  ];
  const left: Record<string, number> = {};
  for (const [table, condition] of checks) {
    const [row] = await database.query(`SELECT count(*) AS rows FROM ${table} WHERE ${condition}`);
    const rows = Number(row?.rows);
    if (rows > 0) left[table] = rows;
  }
  return left;
}

function flowRunRow(run: number, start: number): Row {
  return {
    id: idOf(kind, run),
    created: moment(start),
    updated: moment(start + 60_000),
    name: `quick-run-${run}`,
    flow_id: bigFlowId,
    state_id: idOf(`${kind} COMPLETED`, run),
    state_type: 'COMPLETED',
    state_name: 'Completed',
    state_timestamp: moment(start + 60_000),
    run_count: 1,
    expected_start_time: moment(start),
    start_time: moment(start + 1500),
    end_time: moment(start + 60_000),
    total_run_time: '1970-01-01 00:01:00.500000',
    parameters: { name: 'world', number: String(run) },
    context: {},
    empirical_policy: {},
    tags: ['bench', `team-${run % 20}`],
    auto_scheduled: false,
    work_queue_name: 'default',
  };
}

function taskRunRow(task: number, start: number): Row {
  return {
    id: idOf('task', task),
    created: moment(start),
    updated: moment(start + 60_000),
    name: `add-${task}`,
    flow_run_id: idOf(kind, Math.floor(task / 10)),
    task_key: '__main__.add',
    dynamic_key: String(task),
    state_id: idOf('task COMPLETED', task),
    state_type: 'COMPLETED',
    state_name: 'Completed',
    run_count: 1,
    start_time: moment(start + 1500),
    end_time: moment(start + 60_000),
    total_run_time: '1970-01-01 00:00:01.500000',
    empirical_policy: {},
    task_inputs: {},
    tags: [],
    flow_run_run_count: 1,
  };
}

function stateRows(table: 'flow_run' | 'task_run', owner: string, number: number, start: number): Row[] {
  return stateTypes.map((type, place) => ({
    id: idOf(`${owner} ${type}`, number),
    created: moment(start + place * 1000),
    updated: moment(start + place * 1000),
    type,
    name: type.charAt(0) + type.slice(1).toLowerCase(),
    timestamp: moment(start + place * 1000),
    state_details: {},
    [`${table}_id`]: idOf(owner, number),
    result_artifact_id:
      table === 'flow_run' && type === 'COMPLETED' && number % 10 === 0 ? idOf('artifact', number) : null,
  }));
}

function artifactRow(run: number): Row {
  return { id: idOf('artifact', run), flow_run_id: idOf(kind, run), data: { result: String(run) } };
}

function cacheRow(task: number): Row {
  return {
    id: idOf('cache', task),
    cache_key: `key-${task}`,
    task_run_state_id: idOf('task COMPLETED', task),
  };
}

function logRows(run: number, start: number): Row[] {
  return range(0, logLinesOfTenth).map((line) => ({
    id: idOf(`log ${line}`, run),
    name: 'prefect.flow_runs',
    level: 20,
    flow_run_id: idOf(kind, run),
    message: `Line ${line}: created task run 'add' for task 'add', and submitted it for execution.`,
    timestamp: moment(start),
  }));
}

function messageRow(run: number): Row {
  return {
    id: idOf('message', run),
    flow_run_notification_policy_id: idOf('policy', 1),
    flow_run_state_id: idOf(`${kind} COMPLETED`, run),
  };
}
