import type * as z from 'zod';
import { isRawJson, type JsonObject, type JsonValue, storedJson } from '../json.ts';
import { MOST_TEMPLATE_CHARACTERS, MOST_TEMPLATE_DEPTH, MOST_TEMPLATE_VARIABLES } from '../limits.ts';
import {
  boolean,
  complain,
  dateTimeTz,
  integer,
  jsonObject,
  model,
  parameters,
  type Report,
  text,
  uuid,
} from '../wire/index.ts';
import { isFalsy, shownText } from '../wire/python.ts';
import { defaulting, identity, limit, name, offset, texts } from './fields.ts';
import { WorkerFilter, WorkPoolFilter, WorkQueueFilter } from './filters/index.ts';
import { FlowRun } from './flow-runs.ts';
import { placeholdersIn } from './placeholders.ts';

/** A job template: empty, or with both a configuration and the variables that it uses. */
function jobTemplate() {
  return jsonObject(judgeTemplate);
}

/** A work pool to create. Omitted fields get their column's default; the type is required. */
export const WorkPoolCreate = model(
  'WorkPoolCreate',
  {
    name: name(),
    description: text().nullish(),
    type: text().default('prefect-agent'),
    base_job_template: jobTemplate().optional(),
    is_paused: defaulting(boolean(), false),
    concurrency_limit: integer({ ge: 0 }).nullish(),
  },
  { extra: 'forbid' },
);
export type WorkPoolCreate = z.output<typeof WorkPoolCreate>;
/** WorkPoolCreate as a client sends it. */
export type WorkPoolCreateInput = z.input<typeof WorkPoolCreate>;

/** Changes to a work pool; omitted fields stay as they are. */
export const WorkPoolUpdate = model(
  'WorkPoolUpdate',
  {
    description: text().nullish(),
    is_paused: defaulting(boolean().nullable(), false),
    base_job_template: jobTemplate().nullish(),
    concurrency_limit: integer({ ge: 0 }).nullish(),
  },
  { extra: 'forbid' },
);
export type WorkPoolUpdate = z.output<typeof WorkPoolUpdate>;
/** WorkPoolUpdate as a client sends it. */
export type WorkPoolUpdateInput = z.input<typeof WorkPoolUpdate>;

/** A work pool. */
export const WorkPool = model('WorkPool', {
  ...identity,
  name: text(),
  description: text().nullable(),
  type: text(),
  base_job_template: jsonObject(),
  is_paused: boolean(),
  concurrency_limit: integer({ ge: 0 }).nullable(),
  /** Null if another server deleted the default queue. */
  default_queue_id: uuid().nullable(),
});
export type WorkPool = z.output<typeof WorkPool>;

/** A worker of a work pool. */
export const Worker = model('Worker', {
  ...identity,
  name: text(),
  work_pool_id: uuid(),
  last_heartbeat_time: dateTimeTz(),
});
export type Worker = z.output<typeof Worker>;

/** A flow run returned by a work pool, with its pool and queue. */
export const WorkerFlowRunResponse = model('WorkerFlowRunResponse', {
  work_pool_id: uuid(),
  work_queue_id: uuid(),
  flow_run: FlowRun,
});
export type WorkerFlowRunResponse = z.output<typeof WorkerFlowRunResponse>;

/** Which work pools, which page. */
export const WorkPoolFilterBody = parameters('WorkPoolFilterBody', {
  limit,
  work_pools: WorkPoolFilter.optional(),
  offset,
});
export type WorkPoolFilterBody = z.output<typeof WorkPoolFilterBody>;
/** WorkPoolFilterBody as a client sends it. */
export type WorkPoolFilterBodyInput = z.input<typeof WorkPoolFilterBody>;

/** Which queues of a pool, which page. */
export const WorkPoolQueueFilterBody = parameters('WorkPoolQueueFilterBody', {
  limit,
  work_queues: WorkQueueFilter.optional(),
  offset,
});
export type WorkPoolQueueFilterBody = z.output<typeof WorkPoolQueueFilterBody>;
/** WorkPoolQueueFilterBody as a client sends it. */
export type WorkPoolQueueFilterBodyInput = z.input<typeof WorkPoolQueueFilterBody>;

/** Which workers, which page. */
export const WorkerFilterBody = parameters('WorkerFilterBody', {
  limit,
  workers: WorkerFilter.optional(),
  offset,
});
export type WorkerFilterBody = z.output<typeof WorkerFilterBody>;
/** WorkerFilterBody as a client sends it. */
export type WorkerFilterBodyInput = z.input<typeof WorkerFilterBody>;

/** Which runs a worker requests from its pool. */
export const WorkPoolRunsBody = parameters('WorkPoolRunsBody', {
  limit,
  work_queue_names: texts().optional(),
  scheduled_before: dateTimeTz().optional(),
  scheduled_after: dateTimeTz().optional(),
});
export type WorkPoolRunsBody = z.output<typeof WorkPoolRunsBody>;
/** WorkPoolRunsBody as a client sends it. */
export type WorkPoolRunsBodyInput = z.input<typeof WorkPoolRunsBody>;

/** Which worker is alive. */
export const WorkerHeartbeatBody = parameters('WorkerHeartbeatBody', { name: text() });
export type WorkerHeartbeatBody = z.output<typeof WorkerHeartbeatBody>;
/** WorkerHeartbeatBody as a client sends it. */
export type WorkerHeartbeatBodyInput = z.input<typeof WorkerHeartbeatBody>;

/** The name of a work pool, in a path. */
export const WorkPoolNamePath = parameters('WorkPoolNamePath', { work_pool_name: text() });
export type WorkPoolNamePath = z.output<typeof WorkPoolNamePath>;

/** The name of a queue and of its work pool, in a path. */
export const WorkPoolQueuePath = parameters('WorkPoolQueuePath', { work_pool_name: text(), name: text() });
export type WorkPoolQueuePath = z.output<typeof WorkPoolQueuePath>;

function judgeTemplate(template: JsonObject, report: Report): void {
  if (Object.keys(template).length === 0) return;
  const tooLarge = sizeProblem(template);
  if (tooLarge !== undefined) {
    complain(report, 'value_error', tooLarge);
    return;
  }
  const { job_configuration, variables } = template;
  if (isFalsy(job_configuration) || isFalsy(variables)) {
    const message =
      'The `base_job_template` must contain both a `job_configuration` key and a `variables` key.';
    complain(report, 'value_error', message);
    return;
  }
  const used = new Set<string>();
  for (const item of Object.values(fields(job_configuration))) {
    if (typeof item !== 'string') {
      complain(report, 'type_error', `expected string or bytes-like object, got '${pythonType(item)}'`);
      return;
    }
    for (const name of placeholdersIn(item)) used.add(name);
  }
  const provided = new Set(Object.keys(fields(fields(variables).properties)));
  if (used.isSubsetOf(provided)) return;
  const message =
    'The variables specified in the job configuration template must be present as attributes in the variables class. ' +
    `Your job expects the following variables: ${pythonSet(used)}, but your template provides: ${pythonSet(provided)}`;
  complain(report, 'value_error', message);
}

/** Every deployment for the pool is checked against the template, so its size is limited. */
function sizeProblem(template: JsonObject): string | undefined {
  const must = 'The `base_job_template` must not have more than';
  if (isDeeperThan(template, MOST_TEMPLATE_DEPTH)) return `${must} ${MOST_TEMPLATE_DEPTH} levels.`;
  const { properties } = fields(template.variables);
  if (Object.keys(fields(properties)).length > MOST_TEMPLATE_VARIABLES) {
    return `${must} ${MOST_TEMPLATE_VARIABLES} variables.`;
  }
  if (storedJson(template).length <= MOST_TEMPLATE_CHARACTERS) return undefined;
  return `${must} ${MOST_TEMPLATE_CHARACTERS} characters as JSON.`;
}

function isDeeperThan(value: JsonValue, levels: number): boolean {
  if (typeof value !== 'object' || value === null || isRawJson(value)) return false;
  return levels === 0 || Object.values(value).some((item) => isDeeperThan(item, levels - 1));
}

function fields(value: JsonValue | undefined): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isRawJson(value)) return {};
  return value;
}

function pythonSet(members: ReadonlySet<string>): string {
  return members.size === 0 ? 'set()' : `{${[...members].map(shownText).join(', ')}}`;
}

function pythonType(value: JsonValue): string {
  if (value === null) return 'NoneType';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  if (isRawJson(value)) return /^-?\d+$/.test(value.rawJSON) ? 'int' : 'float';
  return Array.isArray(value) ? 'list' : 'dict';
}
