import type * as z from 'zod';
import { mostComplaints } from './type.ts';

/** One entry of a 422 answer. */
export type WireError = {
  /** Where the value is: the part of the request, then keys and indexes. */
  loc: (string | number)[];
  msg: string;
  type: string;
  ctx?: Readonly<Record<string, unknown>>;
};

/** The part of a request in which a value came. */
export type RequestPart = 'body' | 'query' | 'path' | 'header';

/** The complaints of a failed parse, in the order and the words of the API's 422 answer; the first {@link mostComplaints}. */
export function validationErrors(error: z.core.$ZodError, prefix: readonly [RequestPart]): WireError[] {
  return error.issues.flatMap((issue) => toWireErrors(issue, prefix)).slice(0, mostComplaints);
}

function toWireErrors(issue: z.core.$ZodIssue, prefix: readonly [RequestPart]): WireError[] {
  const loc = [...prefix, ...issue.path.map(step)];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys
      .toSorted(byCodePoint)
      .slice(0, mostComplaints)
      .map((key) => extra([...loc, key]));
  }
  if (issue.code !== 'custom') return [{ loc, msg: issue.message, type: 'value_error' }];
  const type: unknown = issue.params?.type;
  // A whole part that is null was not sent.
  if (type === 'type_error.none.not_allowed' && issue.path.length === 0) return [notSent(loc)];
  const found = { loc, msg: issue.message, type: typeof type === 'string' ? type : 'value_error' };
  const ctx: unknown = issue.params?.ctx;
  return typeof ctx === 'object' && ctx !== null ? [{ ...found, ctx: { ...ctx } }] : [found];
}

function extra(loc: (string | number)[]): WireError {
  return { loc, msg: 'extra fields not permitted', type: 'value_error.extra' };
}

function notSent(loc: (string | number)[]): WireError {
  return { loc, msg: 'field required', type: 'value_error.missing' };
}

function step(key: PropertyKey): string | number {
  return typeof key === 'symbol' ? String(key) : key;
}

function byCodePoint(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
