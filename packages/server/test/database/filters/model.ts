import type {
  AnyFilter,
  NameFilter,
  NullableFilter,
  StateFilter,
  TagsFilter,
  TimeFilter,
} from '../../../src/database/filters/conditions.ts';
import type { DeploymentCriteria } from '../../../src/database/filters/deployment.ts';
import type { Filters } from '../../../src/database/filters/filters.ts';
import type { FlowCriteria } from '../../../src/database/filters/flow.ts';
import type { FlowRunCriteria } from '../../../src/database/filters/flow-run.ts';
import type { LogCriteria } from '../../../src/database/filters/log.ts';
import type { TaskRunCriteria } from '../../../src/database/filters/task-run.ts';
import type { WorkPoolCriteria } from '../../../src/database/filters/work-pool.ts';
import type { WorkQueueCriteria } from '../../../src/database/filters/work-queue.ts';
import type { World } from './world.ts';

// The meaning of filters, over plain arrays. Undefined means that there is no criterion.

type Verdict = boolean | undefined;
type Wanted<T> = T | null | undefined;
type Row<Kind extends keyof World> = World[Kind][number];

function join(operator: string | undefined, verdicts: Verdict[]): boolean {
  const asked = verdicts.filter((verdict) => verdict !== undefined);
  return operator === 'or_' && asked.length > 0 ? asked.some(Boolean) : asked.every(Boolean);
}

function given<T>(wanted: Wanted<T>, judge: (wanted: T) => Verdict): Verdict {
  return wanted === undefined || wanted === null ? undefined : judge(wanted);
}

function isOneOf(value: string | null, values: Wanted<readonly string[]>): Verdict {
  return given(values, (all) => value !== null && all.includes(value));
}

function any(value: string | null, filter: Wanted<AnyFilter>): Verdict {
  return given(filter, ({ any_ }) => join('and_', [isOneOf(value, any_)]));
}

function isLike(value: string, pattern: string): boolean {
  const source = pattern
    .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('%', '.*')
    .replaceAll('_', '.');
  return new RegExp(`^${source}$`, 'is').test(value);
}

function named(value: string, filter: Wanted<NameFilter>): Verdict {
  return given(filter, ({ any_, like_ }) =>
    join('and_', [isOneOf(value, any_), given(like_, (part) => isLike(value, `%${part}%`))]),
  );
}

function tagged(tags: string[], filter: Wanted<TagsFilter>): Verdict {
  return given(filter, ({ operator, all_, is_null_ }) =>
    join(operator, [
      given(all_, (all) => all.every((tag) => tags.includes(tag))),
      given(is_null_, (wanted) => (tags.length === 0) === wanted),
    ]),
  );
}

function nullable(value: string | null, filter: Wanted<NullableFilter>): Verdict {
  return given(filter, ({ operator, any_, is_null_ }) =>
    join(operator, [isOneOf(value, any_), given(is_null_, (wanted) => (value === null) === wanted)]),
  );
}

function timed(value: string | null, filter: Wanted<TimeFilter>): Verdict {
  return given(filter, ({ before_, after_, is_null_ }) =>
    join('and_', [
      given(before_, (bound) => value !== null && value <= bound),
      given(after_, (bound) => value !== null && value >= bound),
      given(is_null_, (wanted) => (value === null) === wanted),
    ]),
  );
}

function inState(run: { state_type: string | null; state_name: string | null }, filter: Wanted<StateFilter>) {
  return given(filter, ({ operator, type, name }) =>
    join(operator, [isOneOf(run.state_type, type?.any_), isOneOf(run.state_name, name?.any_)]),
  );
}

function passesFlow(row: Row<'flows'>, filter: FlowCriteria): boolean {
  return join(filter.operator, [
    any(row.id, filter.id),
    named(row.name, filter.name),
    tagged(row.tags, filter.tags),
  ]);
}

function passesFlowRun(row: Row<'flowRuns'>, filter: FlowRunCriteria): boolean {
  return join(filter.operator, [
    given(filter.id, ({ any_, not_any_ }) =>
      join('and_', [isOneOf(row.id, any_), given(not_any_, (ids) => !ids.includes(row.id))]),
    ),
    named(row.name, filter.name),
    tagged(row.tags, filter.tags),
    nullable(row.deployment_id, filter.deployment_id),
    nullable(row.work_queue_name, filter.work_queue_name),
    any(row.flow_version, filter.flow_version),
    inState(row, filter.state),
    timed(row.start_time, filter.start_time),
    timed(row.expected_start_time, filter.expected_start_time),
    timed(row.next_scheduled_start_time, filter.next_scheduled_start_time),
    nullable(row.parent_task_run_id, filter.parent_task_run_id),
  ]);
}

function passesTaskRun(world: World, row: Row<'taskRuns'>, filter: TaskRunCriteria): boolean {
  const isParent = world.flowRuns.some((flowRun) => flowRun.parent_task_run_id === row.id);
  return join(filter.operator, [
    any(row.id, filter.id),
    named(row.name, filter.name),
    tagged(row.tags, filter.tags),
    inState(row, filter.state),
    timed(row.start_time, filter.start_time),
    given(filter.subflow_runs, ({ exists_ }) => given(exists_, (wanted) => isParent === wanted) ?? true),
  ]);
}

function passesDeployment(row: Row<'deployments'>, filter: DeploymentCriteria): boolean {
  return join(filter.operator, [
    any(row.id, filter.id),
    named(row.name, filter.name),
    given(
      filter.is_schedule_active,
      ({ eq_ }) => given(eq_, (wanted) => row.is_schedule_active === wanted) ?? true,
    ),
    tagged(row.tags, filter.tags),
    any(row.work_queue_name, filter.work_queue_name),
  ]);
}

function passesPool(row: Row<'pools'>, filter: WorkPoolCriteria): boolean {
  return join(filter.operator, [
    any(row.id, filter.id),
    any(row.name, filter.name),
    any(row.type, filter.type),
  ]);
}

function passesQueue(row: Row<'queues'>, filter: WorkQueueCriteria): boolean {
  return join(filter.operator, [
    any(row.id, filter.id),
    given(filter.name, ({ any_, startswith_ }) => {
      const beginnings = startswith_?.length === 0 ? undefined : startswith_;
      if (startswith_?.length === 0 && (any_ === undefined || any_ === null)) return undefined;
      return join('and_', [
        isOneOf(row.name, any_),
        given(beginnings, (all) => all.some((beginning) => isLike(row.name, `${beginning}%`))),
      ]);
    }),
  ]);
}

function passesLog(row: Row<'logs'>, filter: LogCriteria): boolean {
  return join(filter.operator, [
    given(filter.level, ({ ge_, le_ }) =>
      join('and_', [given(ge_, (bound) => row.level >= bound), given(le_, (bound) => row.level <= bound)]),
    ),
    timed(row.timestamp, filter.timestamp),
    any(row.flow_run_id, filter.flow_run_id),
    any(row.task_run_id, filter.task_run_id),
  ]);
}

function queued(world: World, queueId: string | null, { work_pools, work_pool_queues }: Filters): Verdict[] {
  const queue = world.queues.find(({ id }) => id === queueId);
  const pool = world.pools.find(({ id }) => id === queue?.work_pool_id);
  return [
    given(work_pool_queues, (filter) => queue !== undefined && passesQueue(queue, filter)),
    given(work_pools, (filter) => pool !== undefined && passesPool(pool, filter)),
  ];
}

function flowOf(world: World, flowId: string, { flows }: Filters): Verdict {
  return given(flows, (filter) => world.flows.some((flow) => flow.id === flowId && passesFlow(flow, filter)));
}

function passesFlowRunFilters(world: World, row: Row<'flowRuns'>, filters: Filters): boolean {
  return join('and_', [
    given(filters.flow_runs, (filter) => passesFlowRun(row, filter)),
    given(filters.deployments, (filter) =>
      world.deployments.some(
        ({ id, ...rest }) => id === row.deployment_id && passesDeployment({ id, ...rest }, filter),
      ),
    ),
    ...queued(world, row.work_queue_id, filters),
    flowOf(world, row.flow_id, filters),
    given(filters.task_runs, (filter) =>
      world.taskRuns.some((task) => task.flow_run_id === row.id && passesTaskRun(world, task, filter)),
    ),
  ]);
}

/** The ids of the flow runs that match the filters. */
export function flowRunIds(world: World, filters: Filters): string[] {
  return world.flowRuns.filter((row) => passesFlowRunFilters(world, row, filters)).map(({ id }) => id);
}

/** The ids of the task runs that match the filters. */
export function taskRunIds(world: World, { task_runs, ...others }: Filters): string[] {
  const passing = new Set(flowRunIds(world, others));
  return world.taskRuns
    .filter((row) => passing.has(row.flow_run_id))
    .filter((row) => join('and_', [given(task_runs, (filter) => passesTaskRun(world, row, filter))]))
    .map(({ id }) => id);
}

/** The ids of the flows that match the filters. */
export function flowIds(world: World, { flows, flow_runs, task_runs, deployments }: Filters): string[] {
  const asksForRuns = [flow_runs, task_runs].some((filter) => filter !== undefined && filter !== null);
  return world.flows
    .filter((row) =>
      join('and_', [
        given(flows, (filter) => passesFlow(row, filter)),
        given(deployments, (filter) =>
          world.deployments.some((one) => one.flow_id === row.id && passesDeployment(one, filter)),
        ),
        asksForRuns
          ? world.flowRuns.some(
              (one) => one.flow_id === row.id && passesFlowRunFilters(world, one, { flow_runs, task_runs }),
            )
          : undefined,
      ]),
    )
    .map(({ id }) => id);
}

/** The ids of the deployments that match the filters. */
export function deploymentIds(world: World, filters: Filters): string[] {
  const { flow_runs, task_runs } = filters;
  const asksForRuns = [flow_runs, task_runs].some((filter) => filter !== undefined && filter !== null);
  return world.deployments
    .filter((row) =>
      join('and_', [
        given(filters.deployments, (filter) => passesDeployment(row, filter)),
        flowOf(world, row.flow_id, filters),
        asksForRuns
          ? world.flowRuns.some(
              (one) =>
                one.deployment_id === row.id && passesFlowRunFilters(world, one, { flow_runs, task_runs }),
            )
          : undefined,
        ...queued(world, row.work_queue_id, filters),
      ]),
    )
    .map(({ id }) => id);
}

/** The ids of the logs that match a filter. */
export function logIds(world: World, filter: LogCriteria): string[] {
  return world.logs.filter((row) => passesLog(row, filter)).map(({ id }) => id);
}
