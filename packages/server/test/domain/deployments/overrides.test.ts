import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject, JsonValue } from '@mintaka/contract';
import { overridesChecker } from '../../../src/domain/deployments/overrides.ts';
import { RefusedError } from '../../../src/domain/errors.ts';

const check = await overridesChecker();

/** What is said about overrides, or undefined where they fit. */
function said(variables: JsonObject, overrides: JsonValue): string | undefined {
  try {
    check({ job_configuration: {}, variables }, overrides);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof RefusedError);
    assert.equal(error.status, 409);
    return error.message.replace('Error creating deployment: ', '');
  }
}

// The words are those of Python's jsonschema 4.17 for the same schema and value.
const problems: [schema: JsonObject, value: JsonValue, message: string][] = [
  [{ type: 'string' }, null, "None is not of type 'string'"],
  [{ type: ['string', 'null'] }, true, "True is not of type 'string', 'null'"],
  [{ enum: ['a', 1, null] }, 'b', "'b' is not one of ['a', 1, None]"],
  [{ const: { a: 1 } }, {}, "{'a': 1} was expected"],
  [{ minimum: 3 }, 2.5, '2.5 is less than the minimum of 3'],
  [{ maximum: 3 }, 4, '4 is greater than the maximum of 3'],
  [{ exclusiveMinimum: 3 }, 3, '3 is less than or equal to the minimum of 3'],
  [{ exclusiveMaximum: 3 }, 3, '3 is greater than or equal to the maximum of 3'],
  [{ multipleOf: 2 }, 3, '3 is not a multiple of 2'],
  [{ minLength: 2 }, 'a', "'a' is too short"],
  [{ maxItems: 1 }, [1, 2], '[1, 2] is too long'],
  [{ uniqueItems: true }, [1, 1], '[1, 1] has non-unique elements'],
  [{ pattern: '^a' }, 'b', "'b' does not match '^a'"],
  [{ minProperties: 1 }, {}, '{} does not have enough properties'],
  [
    { properties: { x: {} }, additionalProperties: false },
    { y: 1 },
    "Additional properties are not allowed ('y' was unexpected)",
  ],
  [
    { anyOf: [{ type: 'string' }, { type: 'integer' }] },
    [],
    '[] is not valid under any of the given schemas',
  ],
  [{ anyOf: [{ type: 'string' }] }, 1, "1 is not of type 'string'"],
  [{ not: { type: 'string' } }, 'a', "'a' should not be valid under {'type': 'string'}"],
];

test('names that need an escape in a path or a URI are names like others', () => {
  for (const name of ['50%', '%zz', '%25', 'a/b', 'a~b', '~1', '%2F', 'é', '#', '?']) {
    const property = { type: 'string' };
    assert.equal(
      said({ properties: { [name]: property } }, { [name]: 1 }),
      `<ValidationError: "1 is not of type 'string'">`,
      name,
    );
    assert.equal(said({ properties: { [name]: property } }, { [name]: 'x' }), undefined, name);
  }
  const byReference = {
    properties: { v: { $ref: '#/definitions/%zz' } },
    definitions: { '%zz': { type: 'string' } },
  };
  assert.match(said(byReference, { v: 1 }) ?? '', /Error: /);
});

test('names that every object of JavaScript knows are names like others', () => {
  for (const name of ['constructor', 'toString', 'hasOwnProperty', 'valueOf']) {
    assert.equal(said({ properties: { [name]: { type: 'string' } } }, {}), undefined, name);
    assert.equal(
      said({ properties: { [name]: { type: 'string' } } }, { [name]: 1 }),
      `<ValidationError: "1 is not of type 'string'">`,
      name,
    );
    assert.equal(
      said({ required: [name] }, {}),
      `<ValidationError: "'${name}' is a required property">`,
      name,
    );
    assert.equal(said({ required: [name] }, { [name]: 1 }), undefined, name);
  }
  const pollution: JsonObject = JSON.parse('{"__proto__": {"polluted": 1}}');
  assert.equal(said({ properties: { x: { type: 'string' } } }, pollution), undefined);
  assert.equal(
    said({ required: ['__proto__'] }, {}),
    `<ValidationError: "'__proto__' is a required property">`,
  );
  assert.equal(said({ required: ['__proto__'] }, pollution), undefined);
});

test('a problem is worded as Python words it', () => {
  for (const [schema, value, message] of problems) {
    const quote = message.includes("'") ? '"' : "'";
    assert.equal(
      said({ properties: { v: schema } }, { v: value }),
      `<ValidationError: ${quote}${message}${quote}>`,
    );
  }
});

test('of several problems the one nearest to the root is told, then the first of the schema', () => {
  const properties = { a: { type: 'string' }, b: { type: 'string' } };
  assert.match(
    said({ properties, required: ['z', 'y'] }, { a: 1, b: 1 }) ?? '',
    /'z' is a required property/,
  );
  assert.match(said({ properties }, { b: 2, a: 1 }) ?? '', /1 is not of type/);
});

test('what fits passes, with variables that the schema does not know and formats that it does not check', () => {
  const properties = { a: { type: 'string', format: 'uuid' }, n: { type: 'integer' } };
  assert.equal(
    said({ properties, required: [] }, { a: 'any', n: JSON.rawJSON('3.0'), other: {} }),
    undefined,
  );
  assert.equal(said({}, {}), undefined);
});

test('a template without variables takes everything, and a schema that is none is refused', () => {
  check({}, { a: 1 });
  check({}, null);
  assert.match(said({ properties: { a: { type: 'nothing' } } }, {}) ?? '', /^<SchemaError: /);
});
