import type * as z from 'zod';
import {
  complain,
  dateTimeTz,
  integer,
  list,
  model,
  parameters,
  type Report,
  readText,
  text,
  uuid,
  type WireType,
  wireType,
} from '../wire/index.ts';
import { isFalsy, shownText } from '../wire/python.ts';

/** What names must not contain. */
const forbidden = /[/%&><]/;

/** A name of a flow, deployment, block type, block document, work pool or work queue. */
export function name(): WireType<string> {
  return wireType(readName, { type: 'string' });
}

/** Reads a {@link name}. For types that put rules of their own on it. */
function readName(value: unknown, report: Report): string | undefined {
  const read = readText(value, report);
  if (read === undefined || !forbidden.test(read)) return read;
  return complain(
    report,
    'value_error.invalidname',
    `Name ${shownText(read)} contains an invalid character. Must not contain any of: ['/', '%', '&', '>', '<'].`,
  );
}

/** A name of a run. Null and everything else that is empty stands for a random name, and is read as null. */
export function runName(): WireType<string | null> {
  return wireType<string | null>((value, report) => (isFalsy(value) ? null : readText(value, report)), {
    type: 'string',
  });
}

/** Seconds in an answer. */
export function seconds(): WireType<number> {
  return wireType((value) => (typeof value === 'number' ? value : Number(value)), {
    type: 'number',
    format: 'time-delta',
  });
}

/** A field that may be left out, and then stays out; what it then counts as is only told to readers of the API page. */
export function defaulting<Type extends z.ZodType>(type: Type, value: unknown): z.ZodOptional<Type> {
  return type.optional().meta({ default: value });
}

/** A list of tags, or of other names that need no rules. */
export function texts(): z.ZodArray<WireType<string>> {
  return list(text());
}

/** What every stored object has in an answer. */
export const identity = { id: uuid(), created: dateTimeTz(), updated: dateTimeTz() };

/**
 * How many items a page of a list has: the server's page limit where it is left out, and never more. It stands first in
 * every body, because it is judged first.
 */
export const limit = integer().optional();

/** How many items of a list come before its page. */
export const offset = integer({ ge: 0 }).default(0);

/** The body of a list that has no filters. */
export const PageBody = parameters('PageBody', { limit, offset });
export type PageBody = z.output<typeof PageBody>;
/** The id in a path. */
export const IdPath = parameters('IdPath', { id: uuid() });
export type IdPath = z.output<typeof IdPath>;

/** The name in a path. */
export const NamePath = parameters('NamePath', { name: text() });
export type NamePath = z.output<typeof NamePath>;

/** Who made an object. */
export const CreatedBy = model('CreatedBy', {
  id: uuid().nullable(),
  type: text().nullable(),
  display_value: text().nullable(),
});
export type CreatedBy = z.output<typeof CreatedBy>;

/** Who changed an object last. */
export const UpdatedBy = model('UpdatedBy', {
  id: uuid().nullable(),
  type: text().nullable(),
  display_value: text().nullable(),
});
export type UpdatedBy = z.output<typeof UpdatedBy>;
