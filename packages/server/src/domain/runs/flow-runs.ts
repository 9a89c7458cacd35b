import {
  EMPTY_OBJECT,
  type FlowRunCountBody,
  type FlowRunCreate,
  type FlowRunFilterBody,
  type FlowRunHistoryBody,
  type FlowRunUpdate,
  type HistoryResponse,
  storedJson,
} from '@mintaka/contract';
import { type FlowRunResponse, flowRunFromRow, selectFlowRuns } from '../../database/codecs/flow-run.ts';
import type { ReadSession, WriteSession } from '../../database/database.ts';
import { accessToFlowRuns } from '../../database/filters/access.ts';
import { flowRunsWhere, narrow } from '../../database/filters/compose.ts';
import { orderOfFlowRuns } from '../../database/sorts.ts';
import type { ApiVersion } from '../../orchestration/api-version.ts';
import type { Proposal } from '../../orchestration/context.ts';
import { type Batches, mapBatches } from '../batches.ts';
import type { Context } from '../context.ts';
import type { Created } from '../created.ts';
import { deleteWithChildren } from '../deletion/deletions.ts';
import { NotFoundError } from '../errors.ts';
import { pageOf, readPage } from '../pages.ts';
import { setFlowRunStateWithin } from '../state-changes/set-flow-run-state.ts';
import { readHistory } from './history.ts';
import { randomRunName } from './run-names.ts';
import { storedPolicy } from './stored-policy.ts';

const notFound = () => new NotFoundError('Flow run not found');

/** A flow run to create, with its queue. */
export type NewFlowRun = FlowRunCreate & { work_queue_name?: string | null; work_queue_id?: string | null };

/**
 * Creates a flow run in the given state, by default Pending. If the flow has a run with this idempotency key, returns that
 * run unchanged.
 */
export function createFlowRun(
  context: Context,
  run: NewFlowRun,
  apiVersion: ApiVersion | null,
): Promise<Created<FlowRunResponse>> {
  return context.database.transaction((session) => createFlowRunWithin(context, session, run, apiVersion));
}

/** The same within an open transaction. */
export async function createFlowRunWithin(
  context: Context,
  session: WriteSession,
  run: NewFlowRun,
  apiVersion: ApiVersion | null,
): Promise<Created<FlowRunResponse>> {
  const { clock, random } = context;
  const id = random.id();
  const now = clock.now();
  const { flow_id, idempotency_key = null } = run;
  const insert = session.sql.insertInto('flow_run').values({
    id,
    created: now,
    updated: now,
    name: run.name ?? randomRunName(random),
    flow_id,
    deployment_id: run.deployment_id ?? null,
    flow_version: run.flow_version ?? null,
    parameters: (run.parameters ?? EMPTY_OBJECT).text,
    context: (run.context ?? EMPTY_OBJECT).text,
    parent_task_run_id: run.parent_task_run_id ?? null,
    infrastructure_document_id: run.infrastructure_document_id ?? null,
    empirical_policy: storedPolicy(run.empirical_policy),
    tags: storedJson(run.tags ?? []),
    idempotency_key,
    work_queue_name: run.work_queue_name ?? null,
    work_queue_id: run.work_queue_id ?? null,
    total_run_time: session.dialect.bindings.interval(0),
  });
  // An empty key is stored, but finds no earlier run: the database refuses the second one, as in the reference.
  if (idempotency_key === null || idempotency_key === '') session.send(insert);
  else {
    const conflict = insert.onConflict((on) => on.columns(['flow_id', 'idempotency_key']).doNothing());
    if ((await session.run(conflict)) === 0) return existingRun(context, session, flow_id, idempotency_key);
  }
  const proposal: Proposal = run.state ?? { type: 'PENDING' };
  await setFlowRunStateWithin(context, session, { flowRunId: id, proposal, force: true, apiVersion });
  return { created: true, value: await readWithin(context, session, id) };
}

async function existingRun(
  context: Context,
  session: ReadSession,
  flowId: string,
  key: string,
): Promise<Created<FlowRunResponse>> {
  const row = await session.first(
    selectFlowRuns(session.sql)
      .where('flow_run.flow_id', '=', flowId)
      .where('flow_run.idempotency_key', '=', key),
  );
  if (row === undefined) throw notFound();
  return { created: false, value: flowRunFromRow(row, context.clock.now()) };
}

async function readWithin(context: Context, session: ReadSession, id: string): Promise<FlowRunResponse> {
  const [row] = await session.dialect.questions.runsById.flowRuns(session, [id]);
  if (row === undefined) throw notFound();
  return flowRunFromRow(row, context.clock.now());
}

/** The flow run with this id. @throws NotFoundError */
export function readFlowRun(context: Context, id: string): Promise<FlowRunResponse> {
  return context.database.read((session) => readWithin(context, session, id));
}

/** One page of the flow runs that match the filters. */
export function filterFlowRuns(context: Context, body: FlowRunFilterBody): Batches<FlowRunResponse> {
  const { database, clock } = context;
  const rows = readPage(database, {
    table: 'flow_run',
    condition: (spelling) => flowRunsWhere(body, spelling),
    access: accessToFlowRuns(body),
    order: orderOfFlowRuns(body.sort),
    ...pageOf(context, body),
    rows: (session, ids) => session.dialect.questions.runsById.flowRuns(session, ids),
  });
  return mapBatches(rows, (batch) => {
    const now = clock.now();
    return batch.map((row) => flowRunFromRow(row, now));
  });
}

/** How many flow runs match the filters. */
export function countFlowRuns(context: Context, body: FlowRunCountBody): Promise<number> {
  return context.database.readLong(async (session) => {
    const chosen = narrow(session.sql.selectFrom('flow_run'), flowRunsWhere(body, session.dialect.seeking));
    const row = await session.first(chosen.select((eb) => eb.fn.countAll<number>().as('count')));
    return row?.count ?? 0;
  });
}

/** The flow runs that match the filters, counted by when they were to start and by state. */
export function flowRunHistory(context: Context, body: FlowRunHistoryBody): Promise<HistoryResponse[]> {
  const filters = { ...body, work_pool_queues: body.work_queues };
  return readHistory(context, 'flow_run', body, (bindings) => flowRunsWhere(filters, bindings));
}

/** Updates the given fields of a flow run. @throws NotFoundError */
export async function updateFlowRun(context: Context, id: string, body: FlowRunUpdate): Promise<void> {
  const { name, parameters, empirical_policy, tags, ...plain } = body;
  const changed = await context.database.transaction((session) =>
    session.run(
      session.sql
        .updateTable('flow_run')
        .set({
          ...plain,
          ...(name === undefined ? {} : { name: name ?? randomRunName(context.random) }),
          ...(parameters === undefined ? {} : { parameters: parameters.text }),
          ...(empirical_policy === undefined ? {} : { empirical_policy: storedPolicy(empirical_policy) }),
          ...(tags === undefined ? {} : { tags: storedJson(tags) }),
          updated: context.clock.now(),
        })
        .where('id', '=', id),
    ),
  );
  if (changed === 0) throw notFound();
}

/** Deletes a flow run with its task runs, states, logs and results; subflows stay. @throws NotFoundError */
export async function deleteFlowRun(context: Context, id: string): Promise<void> {
  if (!(await deleteWithChildren(context, { kind: 'flow_run', id }))) throw notFound();
}
