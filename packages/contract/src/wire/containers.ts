import * as z from 'zod';
import { ZodArray, ZodRecord } from 'zod';
import {
  isRawJson,
  type Json,
  type JsonObject,
  type JsonText,
  type JsonValue,
  jsonText,
  setMember,
} from '../json.ts';
import { MOST_COMPLAINTS } from '../limits.ts';
import { pythonNumber } from './python.ts';
import { complain, missing, type Report, refuseNull, type WireType, wireType } from './type.ts';

/** Bounds of a list's length. */
export type ListRules = { min?: number; max?: number };

interface WireListDef extends z.core.$ZodArrayDef {
  rules: ListRules;
}

interface WireListInternals extends z.core.$ZodArrayInternals {
  def: WireListDef;
}

interface AnyWireList extends z.ZodType<unknown, unknown, WireListInternals> {
  _zod: WireListInternals;
}

const WireList: z.core.$constructor<AnyWireList, WireListDef> = z.core.$constructor<AnyWireList, WireListDef>(
  'WireList',
  (inst, def) => {
    ZodArray.init(inst as z.ZodType as z.ZodArray, def);
    inst._zod.parse = (payload, ctx) => {
      const { value } = payload;
      if (Array.isArray(value) && lengthFits(value.length, def.rules, payload)) {
        readItems(value, def.element, payload, ctx);
        return payload;
      }
      if (value === undefined) missing(payload);
      else if (value === null) refuseNull(payload);
      else if (!Array.isArray(value)) complain(payload, 'type_error.list', 'value is not a valid list');
      return payload;
    };
  },
);

function readItems(
  received: readonly unknown[],
  element: z.core.SomeType,
  payload: z.core.ParsePayload,
  ctx: z.core.ParseContextInternal,
): void {
  const read: unknown[] = [];
  for (const [index, value] of received.entries()) {
    const item = element._zod.run({ value, issues: [] }, ctx);
    if (item instanceof Promise) throw new z.core.$ZodAsyncError();
    if (item.issues.length > 0) payload.issues.push(...z.core.util.prefixIssues(index, item.issues));
    else read.push(item.value);
    if (payload.issues.length >= MOST_COMPLAINTS) break;
  }
  payload.value = read;
}

/** A list of the given type. */
export function list<Item extends z.ZodType>(item: Item, rules: ListRules = {}): z.ZodArray<Item> {
  const made = new WireList({ type: 'array', element: item, rules }) as z.ZodType as z.ZodArray<Item>;
  if (rules.min === undefined && rules.max === undefined) return made;
  return made.meta({
    ...(rules.min === undefined ? {} : { minItems: rules.min }),
    ...(rules.max === undefined ? {} : { maxItems: rules.max }),
  });
}

function lengthFits(length: number, { min, max }: ListRules, report: Report): boolean {
  if (min !== undefined && length < min) {
    complain(report, 'value_error.list.min_items', `ensure this value has at least ${min} items`, {
      limit_value: min,
    });
    return false;
  }
  if (max !== undefined && length > max) {
    complain(report, 'value_error.list.max_items', `ensure this value has at most ${max} items`, {
      limit_value: max,
    });
    return false;
  }
  return true;
}

/** A set of JSON scalars, sent as a list. Duplicates are removed; the first occurrence is kept. */
export function set(): z.ZodType<JsonValue[], Json[]> {
  return wireType(
    (value, report) => {
      if (value === null) return refuseNull(report);
      if (!Array.isArray(value)) return complain(report, 'type_error.set', 'value is not a valid set');
      const members = new Map<unknown, JsonValue>();
      for (const member of value as JsonValue[]) {
        const number = pythonNumber(member);
        if (number === undefined && typeof member === 'object' && member !== null) {
          const kind = Array.isArray(member) ? 'list' : 'dict';
          return complain(report, 'type_error', `unhashable type: '${kind}'`);
        }
        const key = number === undefined ? member : number.value;
        if (!members.has(key)) members.set(key, member);
      }
      return [...members.values()];
    },
    { type: 'array', items: {}, uniqueItems: true },
  );
}

/** An object of any JSON, kept as text. `judge` can report errors in its content. */
export function jsonObject(
  judge: (read: JsonObject, report: Report) => void = () => {},
): WireType<JsonText<JsonObject>, { [key: string]: Json }> {
  return wireType(
    (value, report) => {
      const read = readObject(value, report);
      if (read === undefined) return undefined;
      judge(read, report);
      return jsonText(read);
    },
    { type: 'object' },
  );
}

/** An object whose values are of one type. */
export function dict<Item extends z.ZodType>(
  item: Item,
): z.ZodType<Record<string, z.output<Item>>, Record<string, z.input<Item>>> {
  return new WireDict({ type: 'record', keyType: anyKey, valueType: item }) as z.ZodType as z.ZodType<
    Record<string, z.output<Item>>,
    Record<string, z.input<Item>>
  >;
}

const anyKey = z.string();

const WireDict: z.core.$constructor<z.ZodRecord, z.core.$ZodRecordDef> = z.core.$constructor<
  z.ZodRecord,
  z.core.$ZodRecordDef
>('WireDict', (inst, def) => {
  ZodRecord.init(inst, def);
  inst._zod.parse = (payload, ctx) => {
    if (payload.value === undefined) {
      missing(payload);
      return payload;
    }
    const received = readObject(payload.value, payload);
    if (received === undefined) return payload;
    const read: Record<string, unknown> = {};
    for (const key of Object.keys(received)) {
      const item = def.valueType._zod.run({ value: received[key], issues: [] }, ctx);
      if (item instanceof Promise) throw new z.core.$ZodAsyncError();
      if (item.issues.length > 0) payload.issues.push(...z.core.util.prefixIssues(key, item.issues));
      else setMember(read, key, item.value);
      if (payload.issues.length >= MOST_COMPLAINTS) break;
    }
    payload.value = read;
    return payload;
  };
  inst._zod.processJSONSchema = (ctx, schema, params) => {
    schema.type = 'object';
    const items = z.core.process(def.valueType, ctx, {
      ...params,
      path: [...params.path, 'additionalProperties'],
    });
    if (Object.keys(items).length > 0) schema.additionalProperties = items;
  };
});

/** Reads an object. As in Python, a list of pairs, an empty list and an empty string are also accepted. */
export function readObject(value: unknown, report: Report): JsonObject | undefined {
  if (value === null) return refuseNull(report);
  if (typeof value === 'object' && !Array.isArray(value) && !isRawJson(value)) return value as JsonObject;
  if (value === '') return {};
  const pairs = Array.isArray(value) ? readPairs(value) : undefined;
  return pairs ?? complain(report, 'type_error.dict', 'value is not a valid dict');
}

function readPairs(items: JsonValue[]): JsonObject | undefined {
  const read: JsonObject = {};
  for (const item of items) {
    const pair = splitPair(item);
    if (pair === undefined) return undefined;
    const [key, value] = pair;
    const name =
      typeof key === 'string' ? key : (pythonNumber(key)?.text ?? (key === null ? 'None' : undefined));
    if (name === undefined) return undefined;
    setMember(read, name, value);
  }
  return read;
}

function splitPair(item: JsonValue): [JsonValue, JsonValue] | undefined {
  const parts = typeof item === 'string' ? [...item] : objectKeysOrItems(item);
  const [key, value] = parts;
  return parts.length === 2 && key !== undefined && value !== undefined ? [key, value] : undefined;
}

function objectKeysOrItems(item: JsonValue): JsonValue[] {
  if (Array.isArray(item)) return item;
  return typeof item === 'object' && item !== null && !isRawJson(item) ? Object.keys(item) : [];
}
