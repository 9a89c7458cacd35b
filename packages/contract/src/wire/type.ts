import * as z from 'zod';
import { ZodType } from 'zod';
import { encodeJson } from '../json.ts';

/** Collects the errors of a reader. */
export type Report = { issues: z.core.$ZodRawIssue[] };

/** Converts a received value, or reports an error and returns undefined. */
export type Read<Output> = (value: unknown, report: Report) => Output | undefined;

/** JSON Schema of a type, as the API page shows it. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** Writes a value as JSON text. */
export type Encode = (value: unknown) => string;

/** The definition of a type created with {@link wireType}. */
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

/** A type of the API: the value after reading, and the value that a client sends. */
export type WireType<Output, Input = Output> = z.ZodType<Output, Input>;

/**
 * Creates a type from its reader and its JSON schema. An absent value is refused as missing before the reader is
 * called. The reader gets null and refuses it with {@link refuseNull} unless null is allowed. `encode` writes the
 * value in an answer.
 */
export function wireType<Output, Input = Output>(
  read: Read<Output>,
  schema: JsonSchema,
  encode: Encode = encodeJson,
): WireType<Output, Input> {
  // The input type is a phantom, since a reader accepts any value. Only this line connects it to the schema.
  return new ReadType({ type: 'custom', read, schema, encode }) as z.ZodType<unknown, unknown> as z.ZodType<
    Output,
    Input
  >;
}

/** Reports an error for the current value; returns undefined, so that a reader can return the call. */
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

/** Reports a missing value. */
export function missing(report: Report): undefined {
  return complain(report, 'value_error.missing', 'field required');
}

/** Reports an error if null is not allowed. */
export function refuseNull(report: Report): undefined {
  return complain(report, 'type_error.none.not_allowed', 'none is not an allowed value');
}
