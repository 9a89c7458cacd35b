import type * as z from 'zod';
import { characterCount } from '../text-search.ts';
import {
  boolean,
  complain,
  dateTimeTz,
  dict,
  integer,
  list,
  literal,
  model,
  text,
  union,
  uuid,
} from '../wire/index.ts';
import { identity, runName, seconds, texts } from './fields.ts';
import { defaultTaskRunPolicy, TaskRunPolicy } from './policies.ts';
import { State, StateCreate, StateTypeSchema } from './states.ts';

/** The result of another task run, as an input. */
export const TaskRunResult = model('TaskRunResult', {
  input_type: literal('task_run').default('task_run'),
  id: uuid(),
});
export type TaskRunResult = z.output<typeof TaskRunResult>;

/** A parameter of the flow run, as an input. */
export const Parameter = model('Parameter', {
  input_type: literal('parameter').default('parameter'),
  name: text(),
});

/** A constant, as an input. */
export const Constant = model('Constant', {
  input_type: literal('constant').default('constant'),
  type: text(),
});

/** The inputs of a task run by the names of the task's parameters. */
const taskInputs = dict(list(union([TaskRunResult, Parameter, Constant])));

/** The default maximum length of a cache key, in characters. */
export const longestCacheKey = 2000;

function cacheKeyUpTo(longest: number) {
  return text().check((key) => {
    if (characterCount(key.value) <= longest) return;
    complain(key, 'value_error', `Cache key exceeded maximum allowed length of ${longest} characters.`);
  });
}

const taskRunFields = {
  state: StateCreate.nullish(),
  name: runName().optional(),
  flow_run_id: uuid(),
  task_key: text(),
  dynamic_key: text(),
  cache_key: cacheKeyUpTo(longestCacheKey).nullish(),
  cache_expiration: dateTimeTz().nullish(),
  task_version: text().nullish(),
  empirical_policy: TaskRunPolicy.default(defaultTaskRunPolicy),
  tags: texts().optional(),
  task_inputs: taskInputs.optional(),
};

/**
 * A task run to create. Omitted fields get their column's default; if the name is omitted or null, it is random. The
 * policy has all its fields.
 */
export const TaskRunCreate = model('TaskRunCreate', taskRunFields, { extra: 'forbid' });
export type TaskRunCreate = z.output<typeof TaskRunCreate>;
/** TaskRunCreate as a client sends it. */
export type TaskRunCreateInput = z.input<typeof TaskRunCreate>;

/** The schema with a maximum length for cache keys. */
export function taskRunCreate(longest: number): typeof TaskRunCreate {
  if (longest === longestCacheKey) return TaskRunCreate;
  const cache_key = cacheKeyUpTo(longest).nullish();
  return model('TaskRunCreate', { ...taskRunFields, cache_key }, { extra: 'forbid' });
}

/** Changes to a task run; omitted fields stay as they are. A null name means a new random name. */
export const TaskRunUpdate = model('TaskRunUpdate', { name: runName().optional() }, { extra: 'forbid' });
export type TaskRunUpdate = z.output<typeof TaskRunUpdate>;
/** TaskRunUpdate as a client sends it. */
export type TaskRunUpdateInput = z.input<typeof TaskRunUpdate>;

/** A task run. */
export const TaskRun = model('TaskRun', {
  ...identity,
  name: text(),
  flow_run_id: uuid(),
  task_key: text(),
  dynamic_key: text(),
  cache_key: text().nullable(),
  cache_expiration: dateTimeTz().nullable(),
  task_version: text().nullable(),
  empirical_policy: TaskRunPolicy,
  tags: texts(),
  state_id: uuid().nullable(),
  task_inputs: taskInputs,
  state_type: StateTypeSchema.nullable(),
  state_name: text().nullable(),
  run_count: integer(),
  flow_run_run_count: integer(),
  expected_start_time: dateTimeTz().nullable(),
  next_scheduled_start_time: dateTimeTz().nullable(),
  start_time: dateTimeTz().nullable(),
  end_time: dateTimeTz().nullable(),
  total_run_time: seconds(),
  estimated_run_time: seconds(),
  estimated_start_time_delta: seconds(),
  state: State.nullable(),
});
export type TaskRun = z.output<typeof TaskRun>;

/** A task run in the graph of its flow run, with the runs whose results it used. */
export const DependencyResult = model('DependencyResult', {
  id: uuid(),
  name: text(),
  upstream_dependencies: list(TaskRunResult),
  state: State.nullable(),
  expected_start_time: dateTimeTz().nullable(),
  start_time: dateTimeTz().nullable(),
  end_time: dateTimeTz().nullable(),
  total_run_time: seconds().nullable(),
  estimated_run_time: seconds().nullable(),
  untrackable_result: boolean(),
});
export type DependencyResult = z.output<typeof DependencyResult>;
