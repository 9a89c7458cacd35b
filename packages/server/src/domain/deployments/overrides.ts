import type { JsonObject, JsonValue } from '@mintaka/contract';
import { quoted } from '@mintaka/contract/wire';
import type { ErrorObject } from 'ajv';
import { objectOrNull } from '../../database/codecs/values.ts';
import { RefusedError } from '../errors.ts';
import { bestProblem } from './schema-problems.ts';

/** Holds overrides against a pool's template of jobs. @throws RefusedError with 409 where they do not fit. */
export type CheckOverrides = (template: JsonValue, overrides: JsonValue) => void;

/**
 * Makes a check of overrides. The validator is loaded when it is needed first, since most deployments name no pool; load
 * it before a transaction, not within.
 */
export async function overridesChecker(): Promise<CheckOverrides> {
  const { Ajv2020 } = await import('ajv/dist/2020.js');
  return (template, overrides) => {
    const schema = schemaOf(template);
    if (schema === null) return;
    // One validator a check: it would keep every schema that it has seen.
    const ajv = new Ajv2020({
      allErrors: true,
      verbose: true,
      strict: false,
      // `constructor` is absent from an object that has no such key of its own.
      ownProperties: true,
      validateFormats: false,
      logger: false,
    });
    const problems = problemsOf(() => {
      const validate = ajv.compile(plain(schema));
      return validate(plain(overrides)) ? [] : (validate.errors ?? []);
    });
    if (problems.length > 0) refuse('ValidationError', bestProblem(schema, overrides, problems));
  };
}

/** What the variables of a template say about overrides; null where it has none. */
function schemaOf(template: JsonValue): JsonObject | null {
  const variables = objectOrNull(objectOrNull(template)?.variables);
  if (variables === null) return null;
  const { properties = {}, required = [], definitions = {} } = variables;
  return { type: 'object', properties, required, definitions };
}

function problemsOf(validate: () => ErrorObject[]): ErrorObject[] {
  try {
    return validate();
  } catch (error) {
    return refuse('SchemaError', error instanceof Error ? error.message : String(error));
  }
}

function refuse(kind: string, problem: string): never {
  throw new RefusedError(409, `Error creating deployment: <${kind}: ${quoted(problem)}>`);
}

/** The same value with plain numbers alone. */
function plain<Value extends JsonValue>(value: Value): Value {
  return JSON.parse(JSON.stringify(value));
}
