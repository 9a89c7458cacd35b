import type { Operations } from '@mintaka/contract';
import type { Context } from '../../domain/context.ts';
import {
  activateSchedule,
  countDeployments,
  deactivateSchedule,
  deleteDeployment,
  filterDeployments,
  queuesForDeployment,
  readDeployment,
  readDeploymentByName,
  saveDeployment,
  startDeployment,
  updateDeployment,
} from '../../domain/deployments/deployments.ts';
import { scheduleDeployment } from '../../domain/scheduling/schedule-deployment.ts';
import { createdOrFound, type Handlers, noContent, nothing, ok } from '../handler.ts';

/** Handles the operations on deployments. */
export function deploymentHandlers(context: Context): Handlers<Operations['deployments']> {
  return {
    create: ({ body }) => createdOrFound(saveDeployment(context, body)),
    update: ({ params, body }) => noContent(updateDeployment(context, params.id, body)),
    readByName: ({ params: { flow_name: flow, deployment_name: deployment } }) =>
      ok(readDeploymentByName(context, { flow, deployment })),
    read: ({ params }) => ok(readDeployment(context, params.id)),
    filter: ({ body }) => ok(filterDeployments(context, body)),
    count: ({ body }) => ok(countDeployments(context, body)),
    delete: ({ params }) => noContent(deleteDeployment(context, params.id)),
    schedule: ({ params, body }) => nothing(200, scheduleDeployment(context, params.id, body)),
    resumeSchedule: ({ params }) => nothing(200, activateSchedule(context, params.id)),
    pauseSchedule: ({ params }) => nothing(200, deactivateSchedule(context, params.id)),
    createFlowRun: ({ params, body }) => createdOrFound(startDeployment(context, params.id, body)),
    readWorkQueues: ({ params }) => ok(queuesForDeployment(context, params.id)),
  };
}
