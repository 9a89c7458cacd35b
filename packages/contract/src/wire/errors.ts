import type * as z from 'zod';
import {
  MOST_COMPLAINT_CHARACTERS,
  MOST_COMPLAINTS,
  MOST_MESSAGE_CHARACTERS,
  MOST_SHOWN_CHARACTERS,
} from '../limits.ts';
import { shortened } from '../text-search.ts';

/** One entry of a 422 answer. */
export type WireError = {
  /** The location of the value: the part of the request, then keys and indexes. */
  loc: (string | number)[];
  msg: string;
  type: string;
  ctx?: Readonly<Record<string, unknown>>;
};

/** The part of a request that contains a value. */
export type RequestPart = 'body' | 'query' | 'path' | 'header';

/**
 * The errors of a failed parse, in the order and the words of the API's 422 answer: the first {@link
 * MOST_COMPLAINTS}, or fewer if they are long.
 */
export function validationErrors(error: z.core.$ZodError, prefix: readonly [RequestPart]): WireError[] {
  const complaints = error.issues.slice(0, MOST_COMPLAINTS).flatMap((issue) => toWireErrors(issue, prefix));
  let characters = 0;
  const kept = complaints.slice(0, MOST_COMPLAINTS).findIndex((complaint) => {
    characters += sizeOf(complaint);
    return characters > MOST_COMPLAINT_CHARACTERS;
  });
  return complaints.slice(0, kept < 0 ? MOST_COMPLAINTS : Math.max(1, kept));
}

/** The approximate number of characters of an error. */
function sizeOf({ loc, msg, type, ctx }: WireError): number {
  const shown = [...loc, msg, type, ...Object.values(ctx ?? {})];
  return shown.reduce<number>((sum, part) => sum + (typeof part === 'string' ? part.length : 20), 50);
}

function toWireErrors(issue: z.core.$ZodIssue, prefix: readonly [RequestPart]): WireError[] {
  const loc = [...prefix, ...issue.path.map(step)];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys
      .slice(0, MOST_COMPLAINTS)
      .sort(byCodePoint)
      .map((key) => extra([...loc, step(key)]));
  }
  const msg = shortened(issue.message, MOST_MESSAGE_CHARACTERS);
  if (issue.code !== 'custom') return [{ loc, msg, type: 'value_error' }];
  const type: unknown = issue.params?.type;
  // A whole part that is null was not sent.
  if (type === 'type_error.none.not_allowed' && issue.path.length === 0) return [notSent(loc)];
  const found = { loc, msg, type: typeof type === 'string' ? type : 'value_error' };
  const ctx: unknown = issue.params?.ctx;
  return typeof ctx === 'object' && ctx !== null ? [{ ...found, ctx: shortenedTexts(ctx) }] : [found];
}

function extra(loc: (string | number)[]): WireError {
  return { loc, msg: 'extra fields not permitted', type: 'value_error.extra' };
}

function notSent(loc: (string | number)[]): WireError {
  return { loc, msg: 'field required', type: 'value_error.missing' };
}

function step(key: PropertyKey): string | number {
  return typeof key === 'number' ? key : shortened(String(key), MOST_SHOWN_CHARACTERS);
}

function shortenedTexts(ctx: object): Record<string, unknown> {
  const entries = Object.entries(ctx).map(([name, value]: [string, unknown]) => [
    name,
    typeof value === 'string' ? shortened(value, MOST_MESSAGE_CHARACTERS) : value,
  ]);
  return Object.fromEntries(entries);
}

function byCodePoint(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
