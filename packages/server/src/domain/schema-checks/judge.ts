import {
  encodeJson,
  isRawJson,
  type JsonObject,
  type JsonValue,
  parseJson,
  parsePlainJson,
} from '@mintaka/contract';
import type { ErrorObject } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { addEqualityKeywords } from './equality-keywords.ts';
import { linearPatterns } from './linear-patterns.ts';
import type { Verdict } from './schema-checks.ts';
import { bestProblem } from './schema-problems.ts';

const options = {
  strict: false,
  // Treats `constructor` as absent unless the object has such an own key.
  ownProperties: true,
  validateFormats: false,
  logger: false,
} as const;

/**
 * Validates schemas themselves. It is reused: its meta-schema takes milliseconds to compile, and it keeps no other schema.
 */
const ofSchemas = new Ajv2020({ ...options, code: { regExp: linearPatterns() } });

/**
 * Validates a deployment's overrides against the variables of a pool's job template, with the messages of Python's
 * jsonschema. Both are JSON texts. It may take very long, because a schema can demand exponential work.
 */
export function judgeOverrides(template: string, overrides: string): Verdict {
  const schema = schemaOf(parseJson(template));
  if (schema === null) return { status: 'valid' };
  try {
    const problems = problemsOf(schema, parsePlainJson(overrides));
    if (problems.length === 0) return { status: 'valid' };
    return {
      status: 'invalid',
      kind: 'ValidationError',
      problem: bestProblem(schema, parseJson(overrides), problems),
    };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { status: 'invalid', kind: 'SchemaError', problem };
  }
}

/** The schema of overrides in a template's variables; null if it has none. */
function schemaOf(template: JsonValue): JsonObject | null {
  const variables = objectOrNull(objectOrNull(template)?.variables);
  if (variables === null) return null;
  const { properties = {}, required = [], definitions = {} } = variables;
  return { type: 'object', properties, required, definitions };
}

function objectOrNull(value: JsonValue | undefined): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawJson(value)
    ? value
    : null;
}

/** @throws Error if the schema is invalid, or uses an unsupported feature */
function problemsOf(schema: JsonObject, overrides: unknown): ErrorObject[] {
  const plain = objectOrNull(parsePlainJson(encodeJson(schema))) ?? {};
  ofSchemas.validateSchema(plain, true);
  // A new validator per check, because a reused one would keep every schema that it has seen.
  const ajv = new Ajv2020({
    ...options,
    meta: false,
    validateSchema: false,
    allErrors: true,
    verbose: true,
    code: { regExp: linearPatterns() },
  });
  addEqualityKeywords(ajv);
  const validate = ajv.compile(plain);
  return validate(overrides) ? [] : (validate.errors ?? []);
}
