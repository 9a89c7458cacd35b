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

/** Characters that names must not contain. */
const forbidden = /[/%&><]/;

/** A name of a flow, deployment, block type, block document, work pool or work queue. */
export function name(): WireType<string> {
  return wireType(readName, { type: 'string' });
}

/** Reads a {@link name}, for types that add their own rules. */
function readName(value: unknown, report: Report): string | undefined {
  const read = readText(value, report);
  if (read === undefined || !forbidden.test(read)) return read;
  return complain(
    report,
    'value_error.invalidname',
    `Name ${shownText(read)} contains an invalid character. Must not contain any of: ['/', '%', '&', '>', '<'].`,
  );
}

/** The name of a run. Null and empty values mean a random name, and are read as null. */
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

/** A field that stays absent if it is omitted; its default is only shown on the API page. */
export function defaulting<Type extends z.ZodType>(type: Type, value: unknown): z.ZodOptional<Type> {
  return type.optional().meta({ default: value });
}

/** A list of tags, or of other names that need no rules. */
export function texts(): z.ZodArray<WireType<string>> {
  return list(text());
}

/** The fields of every stored object in an answer. */
export const identity = { id: uuid(), created: dateTimeTz(), updated: dateTimeTz() };

/**
 * The number of items on a page of a list; by default the server's page limit, and never more. It is the first field
 * of each body because it is validated first.
 */
export const limit = integer().optional();

/** The number of items to skip before the page. */
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

/** The creator of an object. */
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
