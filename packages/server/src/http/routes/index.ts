import type { FastifyInstance } from 'fastify';
import type { Context } from '../../domain/context.ts';
import type { EndpointOptions } from '../endpoint.ts';
import { addAdminRoutes } from './admin.ts';
import { addBlockDocumentRoutes } from './block-documents.ts';
import { addBlockSchemaRoutes } from './block-schemas.ts';
import { addBlockTypeRoutes } from './block-types.ts';
import { addConcurrencyLimitRoutes } from './concurrency-limits.ts';
import { addDeploymentRoutes } from './deployments.ts';
import { addFlowRunNotificationPolicyRoutes } from './flow-run-notification-policies.ts';
import { addFlowRunRoutes } from './flow-runs.ts';
import { addFlowRoutes } from './flows.ts';
import { addLogRoutes } from './logs.ts';
import { addRootRoutes } from './root.ts';
import { addSavedSearchRoutes } from './saved-searches.ts';
import { addStateRoutes } from './states.ts';
import { addTaskRunRoutes } from './task-runs.ts';
import { addUiRoutes } from './ui.ts';
import { addWorkRoutes } from './work.ts';

/** Adds every operation of the API, below the prefix that `app` already has. */
export function addRoutes(app: FastifyInstance, context: Context): void {
  const options: EndpointOptions = { pageLimit: context.settings.pageLimit };
  addFlowRoutes(app, options, context);
  addBlockTypeRoutes(app, options, context);
  addBlockSchemaRoutes(app, options, context);
  addBlockDocumentRoutes(app, options, context);
  addFlowRunRoutes(app, options, context);
  addTaskRunRoutes(app, options, context);
  addStateRoutes(app, options, context);
  addDeploymentRoutes(app, options, context);
  addUiRoutes(app, options, context);
  addSavedSearchRoutes(app, options, context);
  addFlowRunNotificationPolicyRoutes(app, options, context);
  addLogRoutes(app, options, context);
  addConcurrencyLimitRoutes(app, options, context);
  addWorkRoutes(app, options, context);
  addAdminRoutes(app, options, context);
  addRootRoutes(app, options, context);
}
