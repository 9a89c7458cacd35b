import type { JsonValue, Operation } from '@mintaka/contract';
import { validationErrors, type WireError } from '@mintaka/contract/wire';
import type { z } from 'zod';
import { type BodyRules, readBody, type SentBody } from './request-body.ts';

/** A body parsed with the schema of an operation. */
export type ParsedBody = {
  /** The body's `limit` as sent; undefined without one. */
  limit: JsonValue | undefined;
  /** The output of the schema; undefined if there are problems. */
  data: unknown;
  problems: WireError[];
  /** The body as shown in an answer that refuses it. */
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

/** Parses a part of a request with its schema; adds errors to `problems`. */
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
