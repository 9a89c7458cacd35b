import fc from 'fast-check';
import type { Filters } from '../../../src/database/filters/filters.ts';
import type { LogCriteria } from '../../../src/database/filters/log.ts';
import {
  idsOf,
  someLevel,
  someMoment,
  someName,
  someStateName,
  someStateType,
  someTag,
  someVersion,
} from './world.ts';

const maybe = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 4, arbitrary: value },
  );
// Criteria are usually omitted, so that filters match some rows.
const rarely = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 2, arbitrary: value });
const many = <T>(value: fc.Arbitrary<T>) => fc.array(value, { maxLength: 5 });
const operator = fc.constantFrom('and_' as const, 'or_' as const, undefined);

const any = <T extends string>(value: fc.Arbitrary<T>) => fc.record({ any_: maybe(many(value)) });
const numbered = fc.oneof(
  someName,
  fc.tuple(someName, fc.nat(5)).map(([name, place]) => `${name}${place}`),
);
const part = fc.constantFrom('a', 'AB', 'a_', '%b', '\\', 'marvin', '', '\\b');
const name = fc.record({ any_: maybe(many(numbered)), like_: maybe(part) });
const tags = fc.record({
  operator,
  all_: maybe(fc.array(someTag, { maxLength: 2 })),
  is_null_: maybe(fc.boolean()),
});
const nullable = (value: fc.Arbitrary<string>) =>
  fc.record({ operator, any_: maybe(many(value)), is_null_: maybe(fc.boolean()) });
const bounds = fc.record({ before_: maybe(someMoment), after_: maybe(someMoment) });
const time = fc.record({
  before_: maybe(someMoment),
  after_: maybe(someMoment),
  is_null_: maybe(fc.boolean()),
});
const state = fc.record({ operator, type: maybe(any(someStateType)), name: maybe(any(someStateName)) });
const flag = fc.record({ eq_: maybe(fc.boolean()) });
const id = (kind: Parameters<typeof idsOf>[0]) => fc.constantFrom(...idsOf(kind));

const flows = fc.record({
  operator,
  id: rarely(any(id('flows'))),
  name: rarely(name),
  tags: rarely(tags),
});
const flowRuns = fc.record({
  operator,
  id: rarely(fc.record({ any_: maybe(many(id('flowRuns'))), not_any_: maybe(many(id('flowRuns'))) })),
  name: rarely(name),
  tags: rarely(tags),
  deployment_id: rarely(nullable(id('deployments'))),
  work_queue_name: rarely(nullable(someName)),
  state: rarely(state),
  flow_version: rarely(any(someVersion)),
  start_time: rarely(time),
  expected_start_time: rarely(bounds),
  next_scheduled_start_time: rarely(bounds),
  parent_task_run_id: rarely(nullable(id('taskRuns'))),
});
const taskRuns = fc.record({
  operator,
  id: rarely(any(id('taskRuns'))),
  name: rarely(name),
  tags: rarely(tags),
  state: rarely(state),
  start_time: rarely(time),
  subflow_runs: rarely(fc.record({ exists_: maybe(fc.boolean()) })),
});
const deployments = fc.record({
  operator,
  id: rarely(any(id('deployments'))),
  name: rarely(name),
  is_schedule_active: rarely(flag),
  tags: rarely(tags),
  work_queue_name: rarely(any(someName)),
});
const workPools = fc.record({
  operator,
  id: rarely(any(id('pools'))),
  name: rarely(any(numbered)),
  type: rarely(any(fc.constantFrom('process', 'docker', 'other'))),
});
const workQueues = fc.record({
  operator,
  id: rarely(any(id('queues'))),
  name: rarely(fc.record({ any_: maybe(many(numbered)), startswith_: maybe(many(part)) })),
});

/** Any filters over a world's flow runs, task runs, flows or deployments. */
export const someFilters: fc.Arbitrary<Filters> = fc.record({
  flows: rarely(flows),
  flow_runs: maybe(flowRuns),
  task_runs: rarely(taskRuns),
  deployments: rarely(deployments),
  work_pools: rarely(workPools),
  work_pool_queues: rarely(workQueues),
});

/** Any filter over a world's logs. */
export const someLogFilter: fc.Arbitrary<LogCriteria> = fc.record({
  operator,
  level: rarely(
    fc.record({
      ge_: maybe(fc.oneof(someLevel, fc.constantFrom(-1e12, 35_000))),
      le_: maybe(fc.oneof(someLevel, fc.constantFrom(35_000, 1e12))),
    }),
  ),
  timestamp: rarely(bounds),
  flow_run_id: rarely(any(id('flowRuns'))),
  task_run_id: rarely(any(id('taskRuns'))),
});
