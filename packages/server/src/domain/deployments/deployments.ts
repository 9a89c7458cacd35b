import type { DeploymentCountBody, DeploymentFilterBody, DeploymentFlowRunCreate } from '@mintaka/contract';
import {
  type DeploymentResponse,
  type DeploymentRow,
  deploymentFromRow,
  selectDeployments,
} from '../../database/codecs/deployment.ts';
import type { FlowRunResponse } from '../../database/codecs/flow-run.ts';
import { mergedObjects, objectText, textsOf } from '../../database/codecs/values.ts';
import { queueFilter, type WorkQueueResponse, workQueueFromRow } from '../../database/codecs/work-queue.ts';
import type { ReadSession, WriteSession } from '../../database/database.ts';
import { composeDeployments } from '../../database/filters/compose.ts';
import { sortDeployments } from '../../database/sorts.ts';
import { type Batches, readPiece } from '../batches.ts';
import type { Context } from '../context.ts';
import type { Created } from '../created.ts';
import { deleteWithChildren } from '../deletion/deletions.ts';
import { NotFoundError } from '../errors.ts';
import { pageOf } from '../pages.ts';
import { createFlowRunWithin } from '../runs/flow-runs.ts';
import { dropScheduledRuns } from './drop-scheduled-runs.ts';
import { lockDeployment } from './locked-deployment.ts';

export { saveDeployment, updateDeployment } from './save.ts';

const notFound = () => new NotFoundError('Deployment not found');

/** The deployment with this id. @throws NotFoundError */
export async function readDeployment(context: Context, id: string): Promise<DeploymentResponse> {
  return deploymentFromRow(await context.database.read((session) => rowOf(session, id)));
}

async function rowOf(session: ReadSession, id: string): Promise<DeploymentRow> {
  return existing(await session.first(selectDeployments(session.sql).where('deployment.id', '=', id)));
}

/** The same row, locked so that the deployment cannot be deleted until the transaction ends. */
async function keptRowOf(session: WriteSession, id: string): Promise<DeploymentRow> {
  const query = selectDeployments(session.sql).where('deployment.id', '=', id);
  return existing(await session.first(session.dialect.bindings.keep(query, 'deployment')));
}

function existing(row: DeploymentRow | undefined): DeploymentRow {
  if (row === undefined) throw notFound();
  return row;
}

/** The deployment of this name that the flow of that name has. @throws NotFoundError */
export async function readDeploymentByName(
  context: Context,
  { flow, deployment }: { flow: string; deployment: string },
): Promise<DeploymentResponse> {
  const row = await context.database.read((session) =>
    session.first(
      selectDeployments(session.sql)
        .innerJoin('flow', 'flow.id', 'deployment.flow_id')
        .where('flow.name', '=', flow)
        .where('deployment.name', '=', deployment),
    ),
  );
  if (row === undefined) throw notFound();
  return deploymentFromRow(row);
}

/** One page of the deployments that match the filters. */
export function filterDeployments(context: Context, body: DeploymentFilterBody): Batches<DeploymentResponse> {
  return readPiece(pageOf(context, body), ({ limit, offset }) =>
    context.database.readLong(async (session) => {
      const chosen = composeDeployments(session, selectDeployments(session.sql), body);
      const page = sortDeployments(chosen, body.sort).limit(limit).offset(offset);
      return (await session.all(page)).map(deploymentFromRow);
    }),
  );
}

/** How many deployments match the filters. */
export function countDeployments(context: Context, body: DeploymentCountBody): Promise<number> {
  return context.database.readLong(async (session) => {
    const chosen = composeDeployments(session, session.sql.selectFrom('deployment'), body);
    const row = await session.first(chosen.select((eb) => eb.fn.countAll<number>().as('count')));
    return row?.count ?? 0;
  });
}

/** Deletes a deployment with its scheduled runs; its other runs stay. @throws NotFoundError */
export async function deleteDeployment(context: Context, id: string): Promise<void> {
  if (!(await deleteWithChildren(context, { kind: 'deployment', id }))) throw notFound();
}

/** Activates the schedule of a deployment. @throws NotFoundError */
export function activateSchedule(context: Context, id: string): Promise<void> {
  return context.database.transaction((session) => switchSchedule(context, session, id, true));
}

/**
 * Deactivates the schedule of a deployment and drops the runs that it created and that have not begun. The scheduler either
 * sees the change, or its runs are among those that are dropped.
 * @throws NotFoundError
 */
export async function deactivateSchedule(context: Context, id: string): Promise<void> {
  const dropOthers = await context.database.transaction(async (session) => {
    await switchSchedule(context, session, id, false);
    return dropScheduledRuns(context, session, id);
  });
  await dropOthers();
}

async function switchSchedule(
  context: Context,
  session: WriteSession,
  id: string,
  is_schedule_active: boolean,
): Promise<void> {
  const present = await lockDeployment(session, { id });
  if (present === undefined) throw notFound();
  if (present.is_schedule_active === is_schedule_active) return;
  await session.run(
    session.sql
      .updateTable('deployment')
      .set({ is_schedule_active, updated: context.clock.now() })
      .where('id', '=', id),
  );
}

/**
 * Creates a flow run of a deployment, with its parameters and tags merged with the given ones, in its queue.
 * @throws NotFoundError
 */
export function startDeployment(
  context: Context,
  id: string,
  body: DeploymentFlowRunCreate,
): Promise<Created<FlowRunResponse>> {
  return context.database.transaction(async (session) => {
    const deployment = await keptRowOf(session, id);
    const tags = new Set([...textsOf(deployment.tags), ...(body.tags ?? [])]);
    const run = {
      ...body,
      flow_id: deployment.flow_id,
      deployment_id: deployment.id,
      parameters: mergedObjects(objectText(deployment.parameters), body.parameters),
      tags: [...tags],
      infrastructure_document_id: body.infrastructure_document_id ?? deployment.infrastructure_document_id,
      work_queue_name: deployment.work_queue_name,
      work_queue_id: deployment.work_queue_id,
    };
    return createFlowRunWithin(context, session, run, null);
  });
}

/** The work queues that take runs of a deployment: those without a filter, or with a matching one. @throws NotFoundError */
export function queuesForDeployment(context: Context, id: string): Promise<WorkQueueResponse[]> {
  return context.database.read(async (session) => {
    const tags = new Set(textsOf((await rowOf(session, id)).tags));
    const queues = await session.all(session.sql.selectFrom('work_queue').selectAll());
    return queues
      .filter((queue) => {
        const filter = queueFilter(queue.filter);
        const ids = filter?.deployment_ids ?? [];
        return (filter?.tags ?? []).every((tag) => tags.has(tag)) && (ids.length === 0 || ids.includes(id));
      })
      .map(workQueueFromRow);
  });
}
