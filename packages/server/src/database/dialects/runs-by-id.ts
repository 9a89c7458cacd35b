import { type Compilable, type Kysely, type SqlBool, sql } from 'kysely';
import { type FlowRunRow, selectFlowRuns } from '../codecs/flow-run.ts';
import { oncePerBuilder } from '../codecs/once.ts';
import { selectTaskRuns, type TaskRunRow } from '../codecs/task-run.ts';
import type { Reader } from '../statements.ts';
import type { Tables } from '../tables.ts';

/**
 * Runs with all that an answer needs, by their ids, in any order; those that are not there are left out. The statements are
 * compiled once for each builder: that takes longer than to read a run.
 */
export type RunsById = {
  flowRuns(session: Reader, ids: readonly string[]): Promise<FlowRunRow[]>;
  taskRuns(session: Reader, ids: readonly string[]): Promise<TaskRunRow[]>;
};

const listed = (column: string) => sql<SqlBool>`${sql.ref(column)} in (select value from json_each(?))`;

const fromSqlite = {
  flowRuns: compiled((builder) => selectFlowRuns(builder).where(listed('flow_run.id'))),
  taskRuns: compiled((builder) => selectTaskRuns(builder).where(listed('task_run.id'))),
};

/** Runs from SQLite by their ids. */
export const runsByIdFromSqlite: RunsById = {
  flowRuns: (session, ids) =>
    session.ask({ sql: fromSqlite.flowRuns(session.sql), parameters: [JSON.stringify(ids)] }),
  taskRuns: (session, ids) =>
    session.ask({ sql: fromSqlite.taskRuns(session.sql), parameters: [JSON.stringify(ids)] }),
};

const wantedId = sql.ref<string>('wanted.id');

const fromPostgres = {
  flowRuns: oneByOne((builder) => selectFlowRuns(builder).where('flow_run.id', '=', wantedId)),
  taskRuns: oneByOne((builder) => selectTaskRuns(builder).where('task_run.id', '=', wantedId)),
};

/** Runs from Postgres by their ids. */
export const runsByIdFromPostgres: RunsById = {
  flowRuns: (session, ids) => session.ask({ sql: fromPostgres.flowRuns(session.sql), parameters: [ids] }),
  taskRuns: (session, ids) => session.ask({ sql: fromPostgres.taskRuns(session.sql), parameters: [ids] }),
};

function compiled(build: (builder: Kysely<Tables>) => Compilable): (builder: Kysely<Tables>) => string {
  return oncePerBuilder((builder) => build(builder).compile().sql);
}

/**
 * `offset 0` lets Postgres find the runs one after the other by their ids, and the select around these hides how many they
 * are, so that one plan is good for all; else it makes a plan for each list of ids, which takes as long as to read a hundred
 * runs.
 */
function oneByOne(build: (builder: Kysely<Tables>) => Compilable): (builder: Kysely<Tables>) => string {
  const text = compiled(build);
  return (builder) => `
    select run.* from unnest((select cast($1 as uuid[]))) as wanted(id)
    cross join lateral (${text(builder)} offset 0) as run`;
}
