import {
  DeploymentCountBody,
  DeploymentCreate,
  DeploymentFilterBody,
  DeploymentFlowRunCreate,
  DeploymentNamePath,
  DeploymentResponse,
  DeploymentUpdate,
  FlowRunResponse,
  IdPath,
  ScheduleDeploymentBody,
  WorkQueue,
} from '@mintaka/contract';
import { integer } from '@mintaka/contract/wire';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
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
import { done, type EndpointOptions, endpoints, made, ok } from '../endpoint.ts';

/** Adds the operations on deployments. */
export function addDeploymentRoutes(app: FastifyInstance, options: EndpointOptions, context: Context): void {
  const { get, post, patch, del } = endpoints(app, options, 'Deployments');

  post('/deployments/', {
    summary: 'Create a deployment, or replace the one that the flow has under this name',
    body: DeploymentCreate,
    refuses: [404, 409],
    responses: { 200: DeploymentResponse, 201: DeploymentResponse },
    handler: async ({ body }) => made(await saveDeployment(context, body)),
  });
  patch('/deployments/:id', {
    summary: 'Change a deployment',
    params: IdPath,
    body: DeploymentUpdate,
    refuses: [404, 409],
    responses: { 204: undefined },
    handler: async ({ params, body }) => {
      await updateDeployment(context, params.id, body);
      return done;
    },
  });
  get('/deployments/name/:flow_name/:deployment_name', {
    summary: "Read a deployment by its flow's name and its own",
    params: DeploymentNamePath,
    refuses: [404],
    responses: { 200: DeploymentResponse },
    handler: async ({ params: { flow_name: flow, deployment_name: deployment } }) =>
      ok(await readDeploymentByName(context, { flow, deployment })),
  });
  get('/deployments/:id', {
    summary: 'Read a deployment',
    params: IdPath,
    refuses: [404],
    responses: { 200: DeploymentResponse },
    handler: async ({ params }) => ok(await readDeployment(context, params.id)),
  });
  post('/deployments/filter', {
    summary: 'List deployments',
    body: DeploymentFilterBody,
    bodyOptional: true,
    limited: true,
    responses: { 200: z.array(DeploymentResponse) },
    handler: async ({ body }) => ok(await filterDeployments(context, body)),
  });
  post('/deployments/count', {
    summary: 'Count deployments',
    body: DeploymentCountBody,
    bodyOptional: true,
    responses: { 200: integer() },
    handler: async ({ body }) => ok(await countDeployments(context, body)),
  });
  del('/deployments/:id', {
    summary: 'Delete a deployment with its scheduled runs',
    params: IdPath,
    refuses: [404],
    responses: { 204: undefined },
    handler: async ({ params }) => {
      await deleteDeployment(context, params.id);
      return done;
    },
  });
  post('/deployments/:id/schedule', {
    summary: 'Schedule runs of a deployment, also for times in the past',
    params: IdPath,
    body: ScheduleDeploymentBody,
    bodyOptional: true,
    responses: { 200: z.null() },
    handler: async ({ params, body }) => {
      await scheduleDeployment(context, params.id, body);
      return ok(null);
    },
  });
  post('/deployments/:id/set_schedule_active', {
    summary: 'Let the schedule of a deployment make runs',
    params: IdPath,
    refuses: [404],
    responses: { 200: z.null() },
    handler: async ({ params }) => {
      await activateSchedule(context, params.id);
      return ok(null);
    },
  });
  post('/deployments/:id/set_schedule_inactive', {
    summary: 'End the schedule of a deployment and drop the runs that it made',
    params: IdPath,
    refuses: [404],
    responses: { 200: z.null() },
    handler: async ({ params }) => {
      await deactivateSchedule(context, params.id);
      return ok(null);
    },
  });
  post('/deployments/:id/create_flow_run', {
    summary: 'Create a flow run of a deployment',
    params: IdPath,
    body: DeploymentFlowRunCreate,
    refuses: [404, 409],
    responses: { 200: FlowRunResponse, 201: FlowRunResponse },
    handler: async ({ params, body }) => made(await startDeployment(context, params.id, body)),
  });
  get('/deployments/:id/work_queue_check', {
    summary: 'List the work queues that take runs of a deployment',
    params: IdPath,
    refuses: [404],
    responses: { 200: z.array(WorkQueue) },
    handler: async ({ params }) => ok(await queuesForDeployment(context, params.id)),
  });
}
