import type { DeploymentResponse } from '@mintaka/contract';
import type { InferResult } from 'kysely';
import { author } from './author.ts';
import { oncePerBuilder } from './once.ts';
import { scheduleFromJson } from './schedule.ts';
import { objectText, objectTextOrNull, textsOf } from './values.ts';

export type { DeploymentResponse } from '@mintaka/contract';

/** Deployments with everything that an answer needs: queue and pool. */
export const selectDeployments = oncePerBuilder((sql) =>
  sql
    .selectFrom('deployment')
    .leftJoin('work_queue as queue', 'queue.id', 'deployment.work_queue_id')
    .leftJoin('work_pool as pool', 'pool.id', 'queue.work_pool_id')
    .select([
      'deployment.id',
      'deployment.created',
      'deployment.updated',
      'deployment.name',
      'deployment.version',
      'deployment.description',
      'deployment.flow_id',
      'deployment.schedule',
      'deployment.is_schedule_active',
      'deployment.infra_overrides',
      'deployment.parameters',
      'deployment.tags',
      'deployment.work_queue_name',
      'deployment.work_queue_id',
      'deployment.parameter_openapi_schema',
      'deployment.path',
      'deployment.entrypoint',
      'deployment.manifest_path',
      'deployment.storage_document_id',
      'deployment.infrastructure_document_id',
      'deployment.created_by',
      'deployment.updated_by',
    ])
    .select(['queue.name as queue_name', 'pool.name as pool_name']),
);

/** A row of {@link selectDeployments}. */
export type DeploymentRow = InferResult<ReturnType<typeof selectDeployments>>[number];

/** A deployment in the API's form. */
export function deploymentFromRow(row: DeploymentRow): DeploymentResponse {
  return {
    id: row.id,
    created: row.created,
    updated: row.updated,
    name: row.name,
    version: row.version,
    description: row.description,
    flow_id: row.flow_id,
    schedule: scheduleFromJson(row.schedule),
    is_schedule_active: row.is_schedule_active,
    infra_overrides: objectText(row.infra_overrides),
    parameters: objectText(row.parameters),
    tags: textsOf(row.tags),
    work_queue_name: row.queue_name ?? row.work_queue_name,
    parameter_openapi_schema: objectTextOrNull(row.parameter_openapi_schema),
    path: row.path,
    entrypoint: row.entrypoint,
    manifest_path: row.manifest_path,
    storage_document_id: row.storage_document_id,
    infrastructure_document_id: row.infrastructure_document_id,
    created_by: author(row.created_by),
    updated_by: author(row.updated_by),
    work_pool_name: row.pool_name,
  };
}
