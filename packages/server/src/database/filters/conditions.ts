import type { Operator, RunKind, Timestamp } from '@mintaka/contract';
import { type Expression, expressionBuilder, type SqlBool } from 'kysely';
import type { Bindings } from '../dialects/bindings.ts';
import type { Tables } from '../tables.ts';

/** Builds expressions over any table; the query that uses an expression determines which tables are in scope. */
export const eb = expressionBuilder<Tables, keyof Tables>();

/**
 * The condition of a filter on a row: `true` if it matches every row (the filter was given, but empty), and `undefined` if it
 * was not given. The two differ within `or_`: an empty filter makes the whole of it true.
 */
export type Condition = Expression<SqlBool> | true;

/** A filter of the API that code in the server can write too: every field is optional, including the operator. */
export type Loose<Filter> = Filter extends string
  ? Filter
  : Filter extends readonly (infer Item)[]
    ? readonly Item[]
    : Filter extends object
      ? { readonly [Key in keyof Filter]?: Loose<Filter[Key]> | undefined }
      : Filter;

type Optional<T> = T | null | undefined;

/** Criteria with a list of allowed values. An empty list matches nothing. */
export type AnyFilter = { readonly any_?: Optional<readonly string[]> };
/** Criteria by a list of allowed values, or by part of a name. */
export type NameFilter = AnyFilter & { readonly like_?: Optional<string> };
/** Criteria by a list of allowed values, or by being NULL. */
export type NullableFilter = AnyFilter & {
  readonly operator?: Operator | undefined;
  readonly is_null_?: Optional<boolean>;
};
/** Criteria for tags: all of the given ones (an empty list matches every row), or no tags at all. */
export type TagsFilter = {
  readonly operator?: Operator | undefined;
  readonly all_?: Optional<readonly string[]>;
  readonly is_null_?: Optional<boolean>;
};
/** Criteria for a timestamp, both ends included. */
export type TimeFilter = {
  readonly before_?: Optional<Timestamp>;
  readonly after_?: Optional<Timestamp>;
  readonly is_null_?: Optional<boolean>;
};
/** Criteria by a flag. */
export type FlagFilter = { readonly eq_?: Optional<boolean> };
/** Criteria for a run's state; an empty `type` or `name` is ignored, also within `or_`. */
export type StateFilter = {
  readonly operator?: Operator | undefined;
  readonly type?: Optional<AnyFilter>;
  readonly name?: Optional<AnyFilter>;
};

/** Timestamp columns that can be filtered. */
export type TimeColumn =
  | 'flow_run.start_time'
  | 'flow_run.expected_start_time'
  | 'flow_run.next_scheduled_start_time'
  | 'task_run.start_time'
  | 'log.timestamp'
  | 'worker.last_heartbeat_time';
/** Columns that can be filtered by NULL. */
export type NullableColumn =
  | 'flow_run.deployment_id'
  | 'flow_run.work_queue_name'
  | 'flow_run.parent_task_run_id'
  | 'flow_run.start_time'
  | 'task_run.start_time';
/** Columns with JSON arrays of tags. */
export type TagsColumn = 'flow.tags' | 'flow_run.tags' | 'task_run.tags' | 'deployment.tags';
/** Columns with flags. */
export type FlagColumn =
  | 'deployment.is_schedule_active'
  | 'block_document.is_anonymous'
  | 'flow_run_notification_policy.is_active';

/** A condition for hand-written queries; undefined if it matches every row. */
export function asWhere(condition: Condition): Expression<SqlBool> | undefined {
  return condition === true ? undefined : condition;
}

/** Combines the given conditions; without any, every row matches. */
export function combine(
  operator: Operator | undefined,
  asked: readonly (Condition | undefined)[],
): Condition {
  const conditions = asked.filter((condition) => condition !== undefined);
  if (operator === 'or_') {
    const narrowing = conditions.filter((condition) => condition !== true);
    return narrowing.length === 0 || narrowing.length < conditions.length ? true : eb.or(narrowing);
  }
  const narrowing = conditions.filter((condition) => condition !== true);
  return narrowing.length === 0 ? true : eb.and(narrowing);
}

/** Whether a column has one of the allowed values. */
export function isAny(
  column: string,
  filter: Optional<AnyFilter>,
  bindings: Bindings,
): Condition | undefined {
  if (!isGiven(filter)) return undefined;
  return anyOf(column, filter.any_, bindings) ?? true;
}

/** Whether a name is one of the allowed ones and contains the given part. */
export function isNamed(
  column: string,
  filter: Optional<NameFilter>,
  bindings: Bindings,
): Condition | undefined {
  if (!isGiven(filter)) return undefined;
  return combine('and_', [
    anyOf(column, filter.any_, bindings),
    isGiven(filter.like_) ? bindings.contains(column, filter.like_) : undefined,
  ]);
}

/** Whether a column has one of the allowed values and (or) is NULL. */
export function isAnyOrNull(
  column: NullableColumn,
  filter: Optional<NullableFilter>,
  bindings: Bindings,
): Condition | undefined {
  if (!isGiven(filter)) return undefined;
  return combine(filter.operator, [anyOf(column, filter.any_, bindings), isNull(column, filter.is_null_)]);
}

/** Whether a row has all of the given tags and (or) none at all. */
export function isTagged(
  column: TagsColumn,
  filter: Optional<TagsFilter>,
  bindings: Bindings,
): Condition | undefined {
  if (!isGiven(filter)) return undefined;
  return combine(filter.operator, [
    isGiven(filter.all_) ? hasAll(column, filter.all_, bindings) : undefined,
    isUntagged(column, filter.is_null_, bindings),
  ]);
}

/** Whether the JSON array in a column contains all of the given texts; an empty list matches every row. */
export function hasAll(column: string, texts: readonly string[], bindings: Bindings): Condition {
  return texts.length === 0 || bindings.jsonHasAll(column, texts);
}

/** Whether a timestamp is within the bounds. NULL is not. */
export function isWithin(
  column: TimeColumn,
  filter: Optional<Pick<TimeFilter, 'before_' | 'after_'>>,
): Condition | undefined {
  if (!isGiven(filter)) return undefined;
  return combine('and_', bounds(column, filter));
}

/** Whether a timestamp is within the bounds and is or is not NULL. */
export function isWithinOrNull(
  column: TimeColumn & NullableColumn,
  filter: Optional<TimeFilter>,
): Condition | undefined {
  if (!isGiven(filter)) return undefined;
  return combine('and_', [...bounds(column, filter), isNull(column, filter.is_null_)]);
}

/** Whether a flag is set as wanted. */
export function isFlagged(column: FlagColumn, filter: Optional<FlagFilter>): Condition | undefined {
  if (!isGiven(filter)) return undefined;
  return isGiven(filter.eq_) ? eb(column, '=', filter.eq_) : true;
}

/** Whether a run is in one of the wanted states. */
export function isInState(
  table: RunKind,
  filter: Optional<StateFilter>,
  bindings: Bindings,
): Condition | undefined {
  if (!isGiven(filter)) return undefined;
  return combine(filter.operator, [
    anyOf(`${table}.state_type`, filter.type?.any_, bindings),
    anyOf(`${table}.state_name`, filter.name?.any_, bindings),
  ]);
}

/** Whether a client sent a value: neither omitted nor null. */
export function isGiven<T>(value: T | null | undefined): value is T {
  return value !== undefined && value !== null;
}

function anyOf(
  column: string,
  values: Optional<readonly string[]>,
  bindings: Bindings,
): Condition | undefined {
  return isGiven(values) ? bindings.isAnyOf(column, values) : undefined;
}

function isNull(column: NullableColumn, wanted: Optional<boolean>): Condition | undefined {
  if (!isGiven(wanted)) return undefined;
  return eb(column, wanted ? 'is' : 'is not', null);
}

function isUntagged(
  column: TagsColumn,
  wanted: Optional<boolean>,
  bindings: Bindings,
): Condition | undefined {
  if (!isGiven(wanted)) return undefined;
  const untagged = bindings.jsonIsEmpty(column);
  return wanted ? untagged : eb.not(untagged);
}

function bounds(
  column: TimeColumn,
  { before_, after_ }: Pick<TimeFilter, 'before_' | 'after_'>,
): (Condition | undefined)[] {
  return [
    isGiven(before_) ? eb(column, '<=', before_) : undefined,
    isGiven(after_) ? eb(column, '>=', after_) : undefined,
  ];
}
