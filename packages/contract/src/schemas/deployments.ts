import type * as z from 'zod';
import {
  boolean,
  dateTimeTz,
  duration,
  integer,
  jsonObject,
  model,
  parameters,
  text,
  uuid,
} from '../wire/index.ts';
import { CreatedBy, defaulting, identity, name, texts, UpdatedBy } from './fields.ts';
import { Schedule } from './schedules.ts';

/** Fields that clients older than 2.7.7 send; they are ignored. */
const retired: ReadonlySet<string> = new Set([
  'worker_pool_queue_id',
  'worker_pool_name',
  'worker_pool_queue_name',
  'work_pool_queue_name',
]);

function withoutRetired(received: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(received).filter(([key]) => !retired.has(key)));
}

const rules = { extra: 'forbid', before: withoutRetired } as const;

/**
 * A deployment to create, or to replace the one with the same flow and name. Omitted fields get their defaults also
 * when it is replaced; only the work queue is kept if none is named.
 */
export const DeploymentCreate = model(
  'DeploymentCreate',
  {
    name: name(),
    flow_id: uuid(),
    is_schedule_active: defaulting(boolean().nullable(), true),
    parameters: jsonObject().optional(),
    tags: texts().optional(),
    manifest_path: text().nullish(),
    work_queue_name: text().nullish(),
    work_pool_name: text().nullish(),
    storage_document_id: uuid().nullish(),
    infrastructure_document_id: uuid().nullish(),
    schedule: Schedule.nullish(),
    description: text().nullish(),
    parameter_openapi_schema: jsonObject().nullish(),
    path: text().nullish(),
    version: text().nullish(),
    entrypoint: text().nullish(),
    infra_overrides: jsonObject().nullish(),
  },
  rules,
);
export type DeploymentCreate = z.output<typeof DeploymentCreate>;
/** DeploymentCreate as a client sends it. */
export type DeploymentCreateInput = z.input<typeof DeploymentCreate>;

/** Changes to a deployment; omitted fields stay as they are. */
export const DeploymentUpdate = model(
  'DeploymentUpdate',
  {
    version: text().nullish(),
    schedule: Schedule.nullish(),
    description: text().nullish(),
    is_schedule_active: defaulting(boolean(), true),
    parameters: jsonObject().optional(),
    tags: texts().optional(),
    work_queue_name: text().nullish(),
    work_pool_name: text().nullish(),
    path: text().nullish(),
    infra_overrides: jsonObject().nullish(),
    entrypoint: text().nullish(),
    manifest_path: text().nullish(),
    storage_document_id: uuid().nullish(),
    infrastructure_document_id: uuid().nullish(),
  },
  rules,
);
export type DeploymentUpdate = z.output<typeof DeploymentUpdate>;
/** DeploymentUpdate as a client sends it. */
export type DeploymentUpdateInput = z.input<typeof DeploymentUpdate>;

/** A deployment. */
export const DeploymentResponse = model('DeploymentResponse', {
  ...identity,
  name: text(),
  version: text().nullable(),
  description: text().nullable(),
  flow_id: uuid(),
  schedule: Schedule.nullable(),
  is_schedule_active: boolean(),
  infra_overrides: jsonObject(),
  parameters: jsonObject(),
  tags: texts(),
  work_queue_name: text().nullable(),
  parameter_openapi_schema: jsonObject().nullable(),
  path: text().nullable(),
  entrypoint: text().nullable(),
  manifest_path: text().nullable(),
  storage_document_id: uuid().nullable(),
  infrastructure_document_id: uuid().nullable(),
  created_by: CreatedBy.nullable(),
  updated_by: UpdatedBy.nullable(),
  work_pool_name: text().nullable(),
});
export type DeploymentResponse = z.output<typeof DeploymentResponse>;

/** The names of a deployment and of its flow, in a path. */
export const DeploymentNamePath = parameters('DeploymentNamePath', {
  flow_name: text(),
  deployment_name: text(),
});
export type DeploymentNamePath = z.output<typeof DeploymentNamePath>;

/** The period to schedule runs for, how far ahead at least, and how many runs. */
export const ScheduleDeploymentBody = parameters('ScheduleDeploymentBody', {
  start_time: dateTimeTz().optional(),
  end_time: dateTimeTz().optional(),
  min_time: duration().optional(),
  min_runs: integer().optional(),
  max_runs: integer().optional(),
});
export type ScheduleDeploymentBody = z.output<typeof ScheduleDeploymentBody>;
/** ScheduleDeploymentBody as a client sends it. */
export type ScheduleDeploymentBodyInput = z.input<typeof ScheduleDeploymentBody>;
