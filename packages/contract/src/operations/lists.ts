import * as z from 'zod';
import { isRawJson, type Json, type JsonObject, type JsonText, type JsonValue } from '../json.ts';
import { MOST_LISTED_OPERATIONS } from '../limits.ts';
import {
  boolean,
  choice,
  complain,
  integer,
  list,
  missing,
  model,
  type Report,
  refuseNull,
  uuid,
  type WireType,
  wireType,
} from '../wire/index.ts';
import { deployments } from './deployments.ts';
import { flowRuns } from './flow-runs.ts';
import { flows } from './flows.ts';
import { logs } from './logs.ts';
import type { Operation } from './operation.ts';
import { taskRuns } from './task-runs.ts';

/** The operations that a list may contain, by their names in the list: those that a running flow needs. */
export const listableOperations = {
  'flows.create': flows.create,
  'deployments.createFlowRun': deployments.createFlowRun,
  'flowRuns.create': flowRuns.create,
  'flowRuns.read': flowRuns.read,
  'flowRuns.update': flowRuns.update,
  'flowRuns.setState': flowRuns.setState,
  'taskRuns.create': taskRuns.create,
  'taskRuns.read': taskRuns.read,
  'taskRuns.update': taskRuns.update,
  'taskRuns.setState': taskRuns.setState,
  'logs.create': logs.create,
} as const satisfies { readonly [name: string]: Operation };

/** The name of an operation in a list. */
export type ListableName = keyof typeof listableOperations;

/** A reference to an id that an earlier operation of the list returns. */
export type ResultReference = {
  readonly part: 'params' | 'body';
  /** The place of the id: a field of the part, or of an item of the part if that is a list. */
  readonly place: readonly [field: string] | readonly [index: number, field: string];
  /** The index of the earlier operation (the first is 0), and the field of its result. */
  readonly operation: number;
  readonly field: string;
};

/** An operation of a list. Its parts are parsed by the operation's schemas; references are replaced by nil UUIDs. */
export type ListedOperation = {
  readonly operation: ListableName;
  readonly params: unknown;
  readonly body: unknown;
  readonly references: readonly ResultReference[];
};

type SentPart<O, Part extends string> = O extends { [P in Part]: infer Schema extends z.ZodType }
  ? { [P in Part]: z.input<Schema> }
  : { [P in Part]?: never };

/** An operation of a list as a client sends it. A reference to an earlier result is written as `$0.id`. */
export type ListedOperationInput = {
  [Name in ListableName]: { operation: Name } & SentPart<(typeof listableOperations)[Name], 'params'> &
    SentPart<(typeof listableOperations)[Name], 'body'>;
}[ListableName];

const nilUuid = '00000000-0000-0000-0000-000000000000';
const reference = /^\$(\d{1,4})\.(\w{1,50})$/;
const operationName = choice(Object.keys(listableOperations) as [ListableName, ...ListableName[]]);

const ListedOperation: WireType<ListedOperation, ListedOperationInput> = wireType(readListed, {
  type: 'object',
  properties: {
    operation: { type: 'string', enum: Object.keys(listableOperations) },
    params: { type: 'object' },
    body: {},
  },
  required: ['operation'],
});

/**
 * Operations that run in order in one transaction. `together`: all or none succeed; the first refusal undoes the others.
 * `each`: only the refused operations are undone.
 */
export const OperationListBody = model(
  'OperationListBody',
  {
    /** Chosen by the client, a new one for each list. A list that is sent again with the same id gets the same answer. */
    id: uuid(),
    mode: choice(['together', 'each']).default('together'),
    operations: list(ListedOperation, { min: 1, max: MOST_LISTED_OPERATIONS }),
  },
  { extra: 'forbid', after: checkReferences },
);
export type OperationListBody = z.output<typeof OperationListBody>;
/** OperationListBody as a client sends it. */
export type OperationListBodyInput = z.input<typeof OperationListBody>;

const anyJson: WireType<JsonText | null, Json> = wireType<JsonText | null, Json>(() => undefined, {});

/** The result of an operation: the status and the body that the single request would get. */
export const OperationResult = model('OperationResult', {
  /** 424 if the operation did not run, or was undone, because of another operation. */
  status: integer(),
  /** Null if there is no body. */
  body: anyJson,
});
export type OperationResult = z.output<typeof OperationResult>;

/** The results of a list in its order. */
export const OperationList = model('OperationList', {
  id: uuid(),
  /** False if everything was undone. */
  committed: boolean(),
  results: z.array(OperationResult),
});
export type OperationList = z.output<typeof OperationList>;

function readListed(value: unknown, report: Report): ListedOperation | undefined {
  if (value === null) return refuseNull(report);
  if (!isObject(value)) return complain(report, 'type_error.dict', 'value is not a valid dict');
  const { operation: name, params, body, ...others } = value;
  for (const key of Object.keys(others)) {
    addIssues(report, [key], (nested) => complain(nested, 'value_error.extra', 'extra fields not permitted'));
  }
  const operation = readPart(operationName, name, 'operation', report);
  if (!isListable(operation)) return undefined;
  const declared: Operation = listableOperations[operation];
  const references: ResultReference[] = [];
  const partOf = (part: 'params' | 'body', sent: JsonValue | undefined) => {
    const schema = declared[part];
    if (schema !== undefined) {
      return readPart(schema, withoutReferences(sent, part, references), part, report);
    }
    if (sent !== undefined) {
      addIssues(report, [part], (nested) =>
        complain(nested, 'value_error.extra', `${operation} takes no ${part}`),
      );
    }
    return undefined;
  };
  return { operation, params: partOf('params', params), body: partOf('body', body), references };
}

function readPart(schema: z.ZodType, value: unknown, name: string, report: Report): unknown {
  if (value === undefined) {
    addIssues(report, [name], missing);
    return undefined;
  }
  const result = schema._zod.run({ value, issues: [] }, { async: false });
  if (result instanceof Promise) throw new z.core.$ZodAsyncError();
  report.issues.push(...z.core.util.prefixIssues(name, result.issues));
  return result.issues.length === 0 ? result.value : undefined;
}

function addIssues(report: Report, path: readonly string[], add: (nested: Report) => void): void {
  const nested: Report = { issues: [] };
  add(nested);
  for (const name of path) report.issues.push(...z.core.util.prefixIssues(name, nested.issues));
}

/** Replaces each reference by a nil UUID: in path parameters, and in fields of the body that contain an id. */
function withoutReferences(
  sent: JsonValue | undefined,
  part: 'params' | 'body',
  found: ResultReference[],
): JsonValue | undefined {
  if (Array.isArray(sent)) {
    return sent.map((item, index) =>
      isObject(item) ? replaceIn(item, part, (field) => [index, field], found) : item,
    );
  }
  return isObject(sent) ? replaceIn(sent, part, (field) => [field], found) : sent;
}

function replaceIn(
  object: JsonObject,
  part: 'params' | 'body',
  placeOf: (field: string) => ResultReference['place'],
  found: ResultReference[],
): JsonObject {
  const replaced = { ...object };
  for (const [field, value] of Object.entries(object)) {
    if (typeof value !== 'string' || !(part === 'params' || field.endsWith('_id'))) continue;
    const [, operation, resultField] = reference.exec(value) ?? [];
    if (operation === undefined || resultField === undefined) continue;
    found.push({ part, place: placeOf(field), operation: Number(operation), field: resultField });
    replaced[field] = nilUuid;
  }
  return replaced;
}

function checkReferences({ operations = [] }: { operations?: unknown }, report: Report): void {
  if (!Array.isArray(operations)) return;
  for (const [index, { references }] of (operations as ListedOperation[]).entries()) {
    for (const { part, place, operation, field } of references) {
      if (operation < index) continue;
      const nested: Report = { issues: [] };
      complain(
        nested,
        'value_error',
        `$${operation}.${field} refers to operation ${operation}, which must come before operation ${index}`,
      );
      const path = ['operations', index, part, ...place];
      report.issues.push(...nested.issues.map((issue) => ({ ...issue, path })));
    }
  }
}

function isListable(name: unknown): name is ListableName {
  return typeof name === 'string' && Object.hasOwn(listableOperations, name);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawJson(value);
}
