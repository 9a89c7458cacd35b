import * as z from 'zod';
import { ZodUnion } from 'zod';
import { encodeText, isRawJson, type Json, type JsonText, type JsonValue, jsonText } from '../json.ts';
import { quoted } from './python.ts';
import { complain, missing, refuseNull, type WireType, wireType } from './type.ts';

/** One of the given strings. If it has a name, the API page lists it under that name; use each name only once. */
export function choice<const Value extends string>(values: readonly Value[], name?: string): WireType<Value> {
  const known = new Map<unknown, Value>(values.map((value) => [value, value]));
  const permitted = values.map(quoted).join(', ');
  const type = wireType<Value>(
    (value, report) => {
      const chosen = known.get(value);
      if (chosen !== undefined) return chosen;
      if (value === null) return refuseNull(report);
      return complain(
        report,
        'type_error.enum',
        `value is not a valid enumeration member; permitted: ${permitted}`,
        { enum_values: values },
      );
    },
    { enum: [...values], type: 'string' },
    (value) => encodeText(String(value)),
  );
  return name === undefined ? type : type.meta({ id: name, title: name });
}

/** Exactly the given string: distinguishes the members of a union. */
export function literal<const Value extends string>(expected: Value): WireType<Value> {
  return wireType(
    (value, report) => {
      if (value === expected) return expected;
      if (value === null) return refuseNull(report);
      if (typeof value === 'object' && !isRawJson(value)) {
        const kind = Array.isArray(value) ? 'list' : 'dict';
        return complain(report, 'type_error', `unhashable type: '${kind}'`);
      }
      return complain(report, 'value_error.const', `unexpected value; permitted: ${quoted(expected)}`, {
        given: value,
        permitted: [expected],
      });
    },
    { enum: [expected], type: 'string' },
  );
}

/** Any JSON, including null, kept as text. */
export function json(): WireType<JsonText, Json> {
  // Parsed JSON is a JsonValue; the parser's signature is less precise.
  return wireType((value) => jsonText(value as JsonValue), {});
}

/**
 * The first of several types that accepts the value. If none does, all their errors are reported at the value's
 * location, in the order of the types.
 */
export function union<const Options extends readonly [z.ZodType, ...z.ZodType[]]>(
  options: Options,
): z.ZodUnion<Options> {
  return new WireUnion({ type: 'union', options }) as z.ZodType as z.ZodUnion<Options>;
}

type UnionDef = z.core.$ZodUnionDef<readonly z.core.$ZodType[]>;

const WireUnion: z.core.$constructor<z.ZodUnion, UnionDef> = z.core.$constructor<z.ZodUnion, UnionDef>(
  'WireUnion',
  (inst, def) => {
    ZodUnion.init(inst, def);
    inst._zod.parse = (payload, ctx) => {
      if (payload.value === undefined) {
        missing(payload);
        return payload;
      }
      if (payload.value === null) {
        refuseNull(payload);
        return payload;
      }
      const issues: z.core.$ZodRawIssue[] = [];
      for (const option of def.options) {
        const result = option._zod.run({ value: payload.value, issues: [] }, ctx);
        if (result instanceof Promise) throw new z.core.$ZodAsyncError();
        if (result.issues.length === 0) {
          payload.value = result.value;
          return payload;
        }
        issues.push(...result.issues);
      }
      payload.issues.push(...issues);
      return payload;
    };
  },
);
