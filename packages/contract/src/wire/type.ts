import * as z from 'zod';
import { ZodType } from 'zod';
import { encodeJson } from '../json.ts';

/** Where a reader puts its complaints. */
export type Report = { issues: z.core.$ZodRawIssue[] };

/** Turns a received value into the one that the server works with, or complains and gives undefined. */
export type Read<Output> = (value: unknown, report: Report) => Output | undefined;

/** JSON Schema of a type, as far as the API page shows it. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** Writes a value as JSON text. */
export type Encode = (value: unknown) => string;

/** The definition of a type that {@link wireType} made. */
export type WireDef = z.core.$ZodTypeDef & { read: Read<unknown>; schema: JsonSchema; encode: Encode };

interface WireInternals extends z.core.$ZodTypeInternals {
  def: WireDef;
}

interface AnyWireType extends z.ZodType<unknown, unknown, WireInternals> {
  _zod: WireInternals;
}

const ReadType: z.core.$constructor<AnyWireType, WireDef> = z.core.$constructor<AnyWireType, WireDef>(
  'WireType',
  (inst, def) => {
    ZodType.init(inst, def);
    inst._zod.parse = (payload) => {
      if (payload.value === undefined) missing(payload);
      else payload.value = def.read(payload.value, payload);
      return payload;
    };
    inst._zod.processJSONSchema = (_context, schema) => {
      Object.assign(schema, def.schema);
    };
  },
);

/** A type of the API: what a reader gives, and what a client sends. */
export type WireType<Output, Input = Output> = z.ZodType<Output, Input>;

/**
 * Makes a type from its reader and its JSON schema. An absent value is refused as missing before the reader sees it;
 * null reaches the reader, which refuses it through {@link refuseNull} unless null is one of its values. `encode` writes
 * the value into an answer.
 */
export function wireType<Output, Input = Output>(
  read: Read<Output>,
  schema: JsonSchema,
  encode: Encode = encodeJson,
): WireType<Output, Input> {
  // The input is a phantom: a reader takes whatever came. Nothing but this line ties it to the schema.
  return new ReadType({ type: 'custom', read, schema, encode }) as z.ZodType<unknown, unknown> as z.ZodType<
    Output,
    Input
  >;
}

/** Complains about the value at hand; gives undefined, so that a reader can return it. */
export function complain(
  report: Report,
  type: string,
  message: string,
  ctx?: Readonly<Record<string, unknown>>,
): undefined {
  report.issues.push({
    code: 'custom',
    message,
    params: ctx === undefined ? { type } : { type, ctx },
    input: undefined,
  });
  return undefined;
}

/** Complains that a value is absent. */
export function missing(report: Report): undefined {
  return complain(report, 'value_error.missing', 'field required');
}

/** Complains about null where null is no value. */
export function refuseNull(report: Report): undefined {
  return complain(report, 'type_error.none.not_allowed', 'none is not an allowed value');
}
