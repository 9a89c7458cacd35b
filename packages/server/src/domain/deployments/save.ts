import {
  type DeploymentCreate,
  type DeploymentUpdate,
  EMPTY_OBJECT,
  JSON_NULL,
  type JsonText,
  storedJson,
} from '@mintaka/contract';
import {
  type DeploymentResponse,
  deploymentFromRow,
  selectDeployments,
} from '../../database/codecs/deployment.ts';
import type { ReadSession, WriteSession } from '../../database/database.ts';
import type { Context } from '../context.ts';
import type { Created } from '../created.ts';
import { IntegrityError, NotFoundError, RefusedError } from '../errors.ts';
import { defaultPoolName } from '../work-pools/default-pool.ts';
import { dropScheduledRuns } from './drop-scheduled-runs.ts';
import { lockDeployment, planAlike } from './locked-deployment.ts';
import { poolOfQueue, queueOfPlace } from './named-queue.ts';
import { withFittingOverrides } from './overrides.ts';
import { type ScheduleChange, storedSchedule } from './stored-schedule.ts';

/**
 * Creates a deployment, or replaces the flow's one with this name: every column gets the given value or its default; only the
 * queue is kept if none is named. If that changes its scheduled runs, those that have not begun are dropped.
 * @throws NotFoundError, RefusedError, IntegrityError
 */
export async function saveDeployment(
  context: Context,
  body: DeploymentCreate,
): Promise<Created<DeploymentResponse>> {
  const { work_pool_name: pool } = body;
  const id = context.random.id();
  const save = async (session: WriteSession) => {
    const { flow_id, name } = body;
    const before = await lockDeployment(session, { flow_id, name });
    const now = context.clock.now();
    const queueId = await queueOfPlace(context, session, body);
    await requireBlock(session, 'infrastructure', body.infrastructure_document_id);
    await requireBlock(session, 'storage', body.storage_document_id);
    const columns = {
      ...newColumns(body, { now, before: before?.schedule ?? null }),
      updated: now,
      ...(queueId === undefined ? {} : { work_queue_id: queueId }),
    };
    const insert = session.sql.insertInto('deployment').values({ id, created: now, ...columns });
    await session.run(insert.onConflict((on) => on.columns(['flow_id', 'name']).doUpdateSet({ ...columns })));
    const row = await session.first(
      selectDeployments(session.sql)
        .where('deployment.flow_id', '=', flow_id)
        .where('deployment.name', '=', name),
    );
    if (row === undefined) throw new NotFoundError('Deployment not found');
    const isAlike = before !== undefined && planAlike(before, row);
    const dropOthers = isAlike ? undefined : await dropScheduledRuns(context, session, row.id);
    return { created: row.id === id, value: deploymentFromRow(row), dropOthers };
  };
  const saved = await (pool && pool !== defaultPoolName
    ? withFittingOverrides(context, { pool, overrides: overridesOf(body) }, save)
    : context.database.transaction(save));
  await saved.dropOthers?.();
  return { created: saved.created, value: saved.value };
}

/**
 * Updates the given fields of a deployment. If that changes its scheduled runs, those that have not begun are dropped. A
 * queue that is named without a pool belongs to the deployment's own pool.
 * @throws NotFoundError, RefusedError, IntegrityError
 */
export async function updateDeployment(context: Context, id: string, body: DeploymentUpdate): Promise<void> {
  const { work_pool_name: pool } = body;
  const save = async (session: WriteSession) => {
    const before = await lockDeployment(session, { id });
    const now = context.clock.now();
    const ownPool = before && (await poolOfQueue(session, before.work_queue_id));
    const queueId = await queueOfPlace(context, session, body, ownPool);
    const rows = await session.run(
      session.sql
        .updateTable('deployment')
        .set({
          ...changedColumns(body, { now, before: before?.schedule ?? null }),
          ...(queueId === undefined ? {} : { work_queue_id: queueId }),
          updated: now,
        })
        .where('id', '=', id),
    );
    const after = await lockDeployment(session, { id });
    const isAlike = before !== undefined && after !== undefined && planAlike(before, after);
    return { rows, dropOthers: isAlike ? undefined : await dropScheduledRuns(context, session, id) };
  };
  const changed = await (pool
    ? withFittingOverrides(context, { pool, overrides: overridesOf(body) }, save)
    : context.database.transaction(save));
  await changed.dropOthers?.();
  if (changed.rows === 0) throw new NotFoundError('Deployment not found.');
}

/** Omitted overrides are an empty object; null stays null, and is refused later. */
function overridesOf({
  infra_overrides = EMPTY_OBJECT,
}: {
  infra_overrides?: JsonText | null | undefined;
}): JsonText {
  return infra_overrides ?? JSON_NULL;
}

async function requireBlock(
  session: ReadSession,
  use: 'infrastructure' | 'storage',
  id: string | null | undefined,
): Promise<void> {
  if (id === undefined || id === null) return;
  const block = await session.first(
    session.sql.selectFrom('block_document').select('id').where('id', '=', id),
  );
  if (block !== undefined) return;
  throw new RefusedError(
    409,
    `Error creating deployment. Could not find ${use} block with id: ${id}. This usually occurs when applying a deployment specification that was built against a different Prefect database / workspace.`,
  );
}

function newColumns(body: DeploymentCreate, change: ScheduleChange) {
  const {
    parameters = EMPTY_OBJECT,
    tags = [],
    schedule = null,
    parameter_openapi_schema: parameterSchema,
  } = body;
  const { is_schedule_active = true, infra_overrides = EMPTY_OBJECT } = body;
  return {
    name: body.name,
    flow_id: body.flow_id,
    version: body.version ?? null,
    description: body.description ?? null,
    schedule: storedSchedule(schedule, change),
    is_schedule_active: notNull(is_schedule_active),
    infra_overrides: notNull(infra_overrides).text,
    parameters: parameters.text,
    tags: storedJson(tags),
    work_queue_name: body.work_queue_name ?? null,
    parameter_openapi_schema: parameterSchema?.text ?? null,
    path: body.path ?? null,
    entrypoint: body.entrypoint ?? null,
    manifest_path: body.manifest_path ?? null,
    storage_document_id: body.storage_document_id ?? null,
    infrastructure_document_id: body.infrastructure_document_id ?? null,
  };
}

function changedColumns(body: DeploymentUpdate, change: ScheduleChange) {
  const { work_pool_name: _, schedule, parameters, tags, infra_overrides, ...plain } = body;
  return {
    ...plain,
    ...(schedule === undefined ? {} : { schedule: storedSchedule(schedule, change) }),
    ...(parameters === undefined ? {} : { parameters: parameters.text }),
    ...(tags === undefined ? {} : { tags: storedJson(tags) }),
    ...(infra_overrides === undefined ? {} : { infra_overrides: notNull(infra_overrides).text }),
  };
}

/** Clients may send null for some columns that must not be null. @throws IntegrityError as the database would. */
function notNull<Value>(value: Value | null): Value {
  if (value === null) throw new IntegrityError('not null', undefined);
  return value;
}
