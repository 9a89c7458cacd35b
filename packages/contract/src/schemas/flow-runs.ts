import type * as z from 'zod';
import { boolean, dateTimeTz, integer, jsonObject, model, text, uuid } from '../wire/index.ts';
import { CreatedBy, identity, runName, seconds, texts } from './fields.ts';
import { defaultFlowRunPolicy, FlowRunPolicy } from './policies.ts';
import { State, StateCreate, StateTypeSchema } from './states.ts';

/**
 * A flow run to create. Omitted fields get their column's default; if the name is omitted or null, it is random. The
 * policy has all its fields.
 */
export const FlowRunCreate = model(
  'FlowRunCreate',
  {
    state: StateCreate.nullish(),
    name: runName().optional(),
    flow_id: uuid(),
    deployment_id: uuid().nullish(),
    flow_version: text().nullish(),
    parameters: jsonObject().optional(),
    context: jsonObject().optional(),
    parent_task_run_id: uuid().nullish(),
    infrastructure_document_id: uuid().nullish(),
    empirical_policy: FlowRunPolicy.default(defaultFlowRunPolicy),
    tags: texts().optional(),
    idempotency_key: text().nullish(),
  },
  { extra: 'forbid' },
);
export type FlowRunCreate = z.output<typeof FlowRunCreate>;
/** FlowRunCreate as a client sends it. */
export type FlowRunCreateInput = z.input<typeof FlowRunCreate>;

/** A flow run to create from a deployment. Omitted fields are taken from the deployment or get their default. */
export const DeploymentFlowRunCreate = model(
  'DeploymentFlowRunCreate',
  {
    state: StateCreate.nullish(),
    name: runName().optional(),
    parameters: jsonObject().optional(),
    context: jsonObject().optional(),
    infrastructure_document_id: uuid().nullish(),
    empirical_policy: FlowRunPolicy.default(defaultFlowRunPolicy),
    tags: texts().optional(),
    idempotency_key: text().nullish(),
    parent_task_run_id: uuid().nullish(),
  },
  { extra: 'forbid' },
);
export type DeploymentFlowRunCreate = z.output<typeof DeploymentFlowRunCreate>;
/** DeploymentFlowRunCreate as a client sends it. */
export type DeploymentFlowRunCreateInput = z.input<typeof DeploymentFlowRunCreate>;

/** Changes to a flow run; omitted fields stay as they are. A null name means a new random name. */
export const FlowRunUpdate = model(
  'FlowRunUpdate',
  {
    name: runName().optional(),
    flow_version: text().nullish(),
    parameters: jsonObject().optional(),
    empirical_policy: FlowRunPolicy.optional(),
    tags: texts().optional(),
    infrastructure_pid: text().nullish(),
  },
  { extra: 'forbid' },
);
export type FlowRunUpdate = z.output<typeof FlowRunUpdate>;
/** FlowRunUpdate as a client sends it. */
export type FlowRunUpdateInput = z.input<typeof FlowRunUpdate>;

const flowRunFields = {
  ...identity,
  name: text(),
  flow_id: uuid(),
  state_id: uuid().nullable(),
  deployment_id: uuid().nullable(),
  work_queue_name: text().nullable(),
  flow_version: text().nullable(),
  parameters: jsonObject(),
  idempotency_key: text().nullable(),
  context: jsonObject(),
  empirical_policy: FlowRunPolicy,
  tags: texts(),
  parent_task_run_id: uuid().nullable(),
  state_type: StateTypeSchema.nullable(),
  state_name: text().nullable(),
  run_count: integer(),
  expected_start_time: dateTimeTz().nullable(),
  next_scheduled_start_time: dateTimeTz().nullable(),
  start_time: dateTimeTz().nullable(),
  end_time: dateTimeTz().nullable(),
  total_run_time: seconds(),
  estimated_run_time: seconds(),
  estimated_start_time_delta: seconds(),
  auto_scheduled: boolean(),
  infrastructure_document_id: uuid().nullable(),
  infrastructure_pid: text().nullable(),
  created_by: CreatedBy.nullable(),
};

/** A flow run. */
export const FlowRunResponse = model('FlowRunResponse', {
  ...flowRunFields,
  work_pool_name: text().nullable(),
  state: State.nullable(),
});
export type FlowRunResponse = z.output<typeof FlowRunResponse>;

/** A flow run as returned by a work pool: it refers to its queue by id. */
export const FlowRun = model('FlowRun', {
  ...flowRunFields,
  work_queue_id: uuid().nullable(),
  state: State.nullable(),
});
export type FlowRun = z.output<typeof FlowRun>;
