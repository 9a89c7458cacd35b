import type { JsonValue, Operation } from '@mintaka/contract';
import { validationErrors, type WireError } from '@mintaka/contract/wire';
import type { z } from 'zod';
import { type BodyRules, readBody, type SentBody } from './request-body.ts';

/** A body as the schema of an operation reads it. */
export type ParsedBody = {
  /** The body's `limit` as it was sent; undefined without one. */
  limit: JsonValue | undefined;
  /** What the schema made of the body; undefined if there are problems. */
  data: unknown;
  problems: WireError[];
  /** The body as an answer that refuses it shows it. */
  shown: JsonValue;
};

/** Reads a body by the schema of an operation. @throws as `readBody` */
export function parseBody(
  { body: schema, bodyOptional }: Pick<Operation, 'body' | 'bodyOptional'>,
  sent: SentBody | undefined,
  rules: BodyRules,
): ParsedBody {
  const { present, value, shown } = readBody(schema === undefined ? undefined : sent, rules);
  const problems: WireError[] = [];
  const read = present || bodyOptional !== true ? value : {};
  return { limit: limitOf(value), data: parsePart(schema, read, 'body', problems), problems, shown };
}

/** Reads a part of a request by its schema; adds what is wrong to `problems`. */
export function parsePart(
  schema: z.ZodType | undefined,
  value: unknown,
  part: 'path' | 'query' | 'header' | 'body',
  problems: WireError[],
): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(value);
  if (!result.success) problems.push(...validationErrors(result.error, [part]));
  return result.data;
}

function limitOf(body: JsonValue | undefined): JsonValue | undefined {
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, 'limit')) return undefined;
  return 'limit' in body ? body.limit : undefined;
}
