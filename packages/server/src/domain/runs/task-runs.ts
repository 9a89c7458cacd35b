import {
  type HistoryResponse,
  storedJson,
  type TaskRunCountBody,
  type TaskRunCreate,
  type TaskRunFilterBody,
  type TaskRunHistoryBody,
  type TaskRunUpdate,
} from '@mintaka/contract';
import { selectTaskRuns, type TaskRunResponse, taskRunFromRow } from '../../database/codecs/task-run.ts';
import { accessToTaskRuns } from '../../database/filters/access.ts';
import { narrow, taskRunsWhere } from '../../database/filters/compose.ts';
import { orderOfTaskRuns } from '../../database/sorts.ts';
import type { Proposal } from '../../orchestration/context.ts';
import { type Batches, mapBatches } from '../batches.ts';
import type { Context } from '../context.ts';
import type { Created } from '../created.ts';
import { deleteWithChildren } from '../deletion/deletions.ts';
import { NotFoundError } from '../errors.ts';
import { pageOf, readPage } from '../pages.ts';
import { setTaskRunStateWithin } from '../state-changes/set-task-run-state.ts';
import { readHistory } from './history.ts';
import { randomRunName } from './run-names.ts';
import { storedPolicy } from './stored-policy.ts';

const notFound = () => new NotFoundError('Task not found');

/**
 * Creates a task run in the given state, by default Pending. If the flow run has one with this task key and dynamic key,
 * returns that one unchanged.
 */
export function createTaskRun(context: Context, body: TaskRunCreate): Promise<Created<TaskRunResponse>> {
  const { clock, random, database } = context;
  const id = random.id();
  const { flow_run_id, task_key, dynamic_key } = body;
  return database.transaction(async (session) => {
    const now = clock.now();
    const added = await session.run(
      session.sql
        .insertInto('task_run')
        .values({
          id,
          created: now,
          updated: now,
          name: body.name ?? randomRunName(random),
          flow_run_id,
          task_key,
          dynamic_key,
          cache_key: body.cache_key ?? null,
          cache_expiration: body.cache_expiration ?? null,
          task_version: body.task_version ?? null,
          empirical_policy: storedPolicy(body.empirical_policy),
          tags: storedJson(body.tags ?? []),
          task_inputs: storedJson(body.task_inputs ?? {}),
          total_run_time: session.dialect.bindings.interval(0),
        })
        .onConflict((on) => on.columns(['flow_run_id', 'task_key', 'dynamic_key']).doNothing()),
    );
    const proposal: Proposal = body.state ?? { type: 'PENDING' };
    if (added > 0) await setTaskRunStateWithin(context, session, { taskRunId: id, proposal, force: true });
    const row = await session.first(
      selectTaskRuns(session.sql)
        .where('task_run.flow_run_id', '=', flow_run_id)
        .where('task_run.task_key', '=', task_key)
        .where('task_run.dynamic_key', '=', dynamic_key),
    );
    if (row === undefined) throw notFound();
    return { created: added > 0, value: taskRunFromRow(row, clock.now()) };
  });
}

/** The task run with this id. @throws NotFoundError */
export async function readTaskRun(context: Context, id: string): Promise<TaskRunResponse> {
  const [row] = await context.database.read((session) =>
    session.dialect.questions.runsById.taskRuns(session, [id]),
  );
  if (row === undefined) throw notFound();
  return taskRunFromRow(row, context.clock.now());
}

/** One page of the task runs that match the filters. */
export function filterTaskRuns(context: Context, body: TaskRunFilterBody): Batches<TaskRunResponse> {
  const { database, clock } = context;
  const rows = readPage(database, {
    table: 'task_run',
    condition: (spelling) => taskRunsWhere(body, spelling),
    access: accessToTaskRuns(body),
    order: orderOfTaskRuns(body.sort),
    ...pageOf(context, body),
    rows: (session, ids) => session.dialect.questions.runsById.taskRuns(session, ids),
  });
  return mapBatches(rows, (batch) => {
    const now = clock.now();
    return batch.map((row) => taskRunFromRow(row, now));
  });
}

/** How many task runs match the filters. */
export function countTaskRuns(context: Context, body: TaskRunCountBody): Promise<number> {
  return context.database.readLong(async (session) => {
    const chosen = narrow(session.sql.selectFrom('task_run'), taskRunsWhere(body, session.dialect.seeking));
    const row = await session.first(chosen.select((eb) => eb.fn.countAll<number>().as('count')));
    return row?.count ?? 0;
  });
}

/** The task runs that match the filters, counted by when they were to start and by state. */
export function taskRunHistory(context: Context, body: TaskRunHistoryBody): Promise<HistoryResponse[]> {
  return readHistory(context, 'task_run', body, (bindings) => taskRunsWhere(body, bindings));
}

/** Updates the given fields of a task run. @throws NotFoundError */
export async function updateTaskRun(context: Context, id: string, { name }: TaskRunUpdate): Promise<void> {
  const changes = name === undefined ? {} : { name: name ?? randomRunName(context.random) };
  const changed = await context.database.transaction((session) =>
    session.run(
      session.sql
        .updateTable('task_run')
        .set({ ...changes, updated: context.clock.now() })
        .where('id', '=', id),
    ),
  );
  if (changed === 0) throw new NotFoundError('Task run not found');
}

/** Deletes a task run with its states, logs and results; its concurrency slots are free then. @throws NotFoundError */
export async function deleteTaskRun(context: Context, id: string): Promise<void> {
  if (!(await deleteWithChildren(context, { kind: 'task_run', id }))) throw notFound();
}
