import type * as z from 'zod';
import { boolean, choice, dateTimeTz, list, model, text, uuid } from '../../wire/index.ts';
import { StateTypeSchema } from '../states.ts';

/** How the criteria of a filter are joined. */
export const OPERATORS = ['and_', 'or_'] as const;
export type Operator = (typeof OPERATORS)[number];

const operator = choice(OPERATORS, 'Operator');

const strict = { extra: 'forbid' } as const;

/** A filter whose criteria must all match. Unknown criteria are refused. */
export function filter<Fields extends z.core.$ZodLooseShape>(name: string, fields: Fields) {
  return model(name, fields, strict);
}

/** A filter whose criteria are combined with its `operator`. Unknown criteria are refused. */
export function operatorFilter<Fields extends z.core.$ZodLooseShape>(name: string, fields: Fields) {
  return model(name, { operator: operator.default('and_'), ...fields }, strict);
}

/** One of these ids. */
export function anyId(name: string) {
  return filter(name, { any_: list(uuid()).nullish() });
}

/** One of these strings. */
export function anyText(name: string) {
  return filter(name, { any_: list(text()).nullish() });
}

/** One of these names, or a name that contains this text, ignoring case. */
export function nameLike(name: string) {
  return filter(name, { any_: list(text()).nullish(), like_: text().nullish() });
}

/** All of these tags, or no tags at all. */
export function tags(name: string) {
  return operatorFilter(name, { all_: list(text()).nullish(), is_null_: boolean().nullish() });
}

/** At or before, at or after. */
export function timeSpan(name: string) {
  return filter(name, { before_: dateTimeTz().nullish(), after_: dateTimeTz().nullish() });
}

/** At or before, at or after, or not at all. */
export function timeSpanOrNone(name: string) {
  return filter(name, {
    before_: dateTimeTz().nullish(),
    after_: dateTimeTz().nullish(),
    is_null_: boolean().nullish(),
  });
}

/** Is so or is not. */
export function flag(name: string) {
  return filter(name, { eq_: boolean().nullish() });
}

/** The state of a run, by type and by name. `prefix` is the resource's filter's name. */
export function state(prefix: string) {
  return operatorFilter(`${prefix}State`, {
    type: filter(`${prefix}StateType`, { any_: list(StateTypeSchema).nullish() }).nullish(),
    name: anyText(`${prefix}StateName`).nullish(),
  });
}
