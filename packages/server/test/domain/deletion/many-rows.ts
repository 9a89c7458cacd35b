import { randomUUID } from 'node:crypto';
import type { Context } from '../../../src/domain/context.ts';

/** How many runs a flow gets, and how many of these have a task run and a log line; each has two states. */
export type Size = { runs: number; taskRuns: number };

/** Inserts a flow with many runs directly, with a few statements. */
export async function makeLargeFlow({ database }: Context, { runs, taskRuns }: Size): Promise<string> {
  const flow = randomUUID();
  const numbers = (count: number) =>
    `with recursive numbers (number) as (select 1 union all select number + 1 from numbers where number < ${count})`;
  const statesOf = (table: 'flow_run' | 'task_run') =>
    [1, 2].map(
      (second) => `
        insert into ${table}_state (${table}_id, type, name, timestamp)
        select id, 'RUNNING', 'Running', '2026-06-01 10:00:0${second}.000000+00:00' from ${table}
        where ${table === 'flow_run' ? 'flow_id' : 'name'} = '${flow}';`,
    );
  await database.administer((connection) =>
    connection.exec(`
      insert into flow (id, name) values ('${flow}', '${flow}');
      ${numbers(runs)} insert into flow_run (name, flow_id, created)
        select number, '${flow}', '2026-06-01 09:00:00.000000+00:00' from numbers;
      ${statesOf('flow_run').join('')}
      insert into task_run (name, flow_run_id, task_key, dynamic_key)
        select '${flow}', id, 'key', 'key' from flow_run where flow_id = '${flow}' limit ${taskRuns};
      ${statesOf('task_run').join('')}
      insert into log (name, level, message, timestamp, flow_run_id, task_run_id)
        select 'log', 20, 'line', '2026-06-01 10:00:00.000000+00:00', flow_run_id, id from task_run
        where name = '${flow}';`),
  );
  return flow;
}

/** Creates a flow with one run that has many rows of everything. */
export async function makeLargeRun(context: Context, count: number): Promise<{ flow: string; run: string }> {
  const flow = await makeLargeFlow(context, { runs: 1, taskRuns: 0 });
  const { database } = context;
  const run = randomUUID();
  const numbers = `with recursive numbers (number) as (select 1 union all select number + 1 from numbers where number < ${count})`;
  const moment = (minute: string) => `'2026-06-01 10:${minute}:00.000000+00:00'`;
  const later =
    database.dialect.name === 'sqlite'
      ? `strftime('%Y-%m-%d %H:%M:%f000', ${moment('30')}, number || ' seconds')`
      : `cast(${moment('30')} as timestamptz) + number * interval '1 second'`;
  await database.administer((connection) =>
    connection.exec(`
      insert into flow_run (id, name, flow_id) values ('${run}', 'run', '${flow}');
      ${numbers} insert into flow_run_state (flow_run_id, type, name, timestamp)
        select ${database.dialect.name === 'sqlite' ? `'${run}'` : `cast('${run}' as uuid)`}, 'RUNNING', 'Running', ${later} from numbers;
      ${numbers} insert into task_run (name, flow_run_id, task_key, dynamic_key)
        select '${run}', '${run}', 'key', number from numbers;
      ${numbers} insert into log (name, level, message, timestamp, flow_run_id)
        select 'log', 20, 'line', ${moment('00')}, '${run}' from numbers;
      ${numbers} insert into artifact (data, flow_run_id) select '1', '${run}' from numbers;`),
  );
  return { flow, run };
}
