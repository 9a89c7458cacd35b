import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject, JsonValue } from '@mintaka/contract';
import { quoted } from '@mintaka/contract/wire';
import { isLinear } from '@mintaka/testing/linear';
import { judgeOverrides } from '../../../src/domain/schema-checks/judge.ts';

/** The message about overrides, or undefined if they fit. */
function said(variables: JsonObject, overrides: JsonValue): string | undefined {
  const verdict = judgeOverrides(
    JSON.stringify({ job_configuration: {}, variables }),
    JSON.stringify(overrides),
  );
  return verdict.status === 'invalid' ? `<${verdict.kind}: ${quoted(verdict.problem)}>` : undefined;
}

/** The same for one variable. */
function saidOf(schema: JsonObject, value: JsonValue, definitions: JsonObject = {}): string | undefined {
  return said({ properties: { v: schema }, definitions }, { v: value });
}

// The messages are those of Python's jsonschema 4.17 for the same schema and value.
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

test('names that need an escape in a path or a URI are ordinary names', () => {
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

test('names of members of every JavaScript object are ordinary names', () => {
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

test("a problem has Python's wording", () => {
  for (const [schema, value, message] of problems) {
    const quote = message.includes("'") ? '"' : "'";
    assert.equal(
      said({ properties: { v: schema } }, { v: value }),
      `<ValidationError: ${quote}${message}${quote}>`,
    );
  }
});

test('of several problems the one nearest to the root is reported, then the first of the schema', () => {
  const properties = { a: { type: 'string' }, b: { type: 'string' } };
  assert.match(
    said({ properties, required: ['z', 'y'] }, { a: 1, b: 1 }) ?? '',
    /'z' is a required property/,
  );
  assert.match(said({ properties }, { b: 2, a: 1 }) ?? '', /1 is not of type/);
});

test('valid values pass, with unknown variables and unchecked formats', () => {
  const properties = { a: { type: 'string', format: 'uuid' }, n: { type: 'integer' } };
  assert.equal(
    said({ properties, required: [] }, { a: 'any', n: JSON.rawJSON('3.0'), other: {} }),
    undefined,
  );
  assert.equal(said({}, {}), undefined);
});

test('a template without variables accepts everything, and an invalid schema is refused', () => {
  for (const overrides of ['{"a": 1}', 'null'])
    assert.deepEqual(judgeOverrides('{}', overrides), { status: 'valid' });
  assert.match(said({ properties: { a: { type: 'nothing' } } }, {}) ?? '', /^<SchemaError: /);
});

test('a pattern matches anywhere in the text, with an engine that does not backtrack', () => {
  const fits: [pattern: string, text: string][] = [
    ['b', 'abc'],
    ['^[a-z0-9-]{1,63}$', 'a-name-1'],
    ['^(?P<year>\\d{4})-(?:\\d{2})$', '2024-01'],
    ['\\/path\\.py:[\\w]+$', '/path.py:flow'],
    ['^\\u00e9$', 'é'],
    ['^.$', '😀'],
    ['\\A\\d+\\Z', '12'],
    ['^\\\\Z$', '\\Z'],
  ];
  for (const [pattern, text] of fits) {
    assert.equal(saidOf({ pattern }, text), undefined, pattern);
    assert.match(saidOf({ pattern }, '!!') ?? '', /does not match/, pattern);
  }
  assert.equal(said({ properties: {}, definitions: {} }, {}), undefined);
  const byName = { type: 'object', patternProperties: { '^x-': { type: 'string' } } };
  assert.equal(saidOf(byName, { 'x-a': 1 }), `<ValidationError: "1 is not of type 'string'">`);
});

test('patterns take linear time', () => {
  const patterns = [
    '^(a+)+$',
    '(a|a)*b',
    '^(a|aa)+$',
    '(.*)(.*)(.*)=',
    '(a*)*c',
    '^(\\w+\\s?)*$',
    'a{1,50}a{1,50}b',
  ];
  for (const pattern of patterns) {
    const match = (size: number) => saidOf({ pattern }, `${'a'.repeat(size)}!`);
    assert.ok(isLinear(match, 16 * 1024), pattern);
  }
});

test('patterns that need backtracking, or are huge, are refused by name', () => {
  const refused = [
    '(?=a)b',
    '(?<!a)b',
    '(a)\\1',
    '(',
    '((a{1000}){1000}){1000}',
    `(${'a'.repeat(120)}){1000,}`,
  ];
  for (const pattern of [...refused, `${'('.repeat(2000)}a${')'.repeat(2000)}`]) {
    assert.match(
      saidOf({ pattern }, 'a') ?? '',
      /^<SchemaError: .*(cannot be used|too large)/,
      pattern.slice(0, 50),
    );
  }
  const many = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [`v${index}`, { pattern: `a{900}${index}` }]),
  );
  assert.match(said({ properties: many }, {}) ?? '', /^<SchemaError: .*too large/);
});

test('items are compared with each other, and with lists of values, in linear time', () => {
  const lists: [what: string, schema: JsonObject, value: (size: number) => JsonValue][] = [
    [
      'unique objects',
      { uniqueItems: true },
      (size) => Array.from({ length: size / 16 }, (_, id) => ({ id, a: 'x' })),
    ],
    [
      'unique texts',
      { uniqueItems: true },
      (size) => Array.from({ length: size / 16 }, (_, id) => `item ${id}`),
    ],
    [
      'one of many',
      { items: { enum: Array.from({ length: 5000 }, (_, id) => ({ id })) } },
      (size) => Array.from({ length: size / 64 }, () => ({ id: 4999 })),
    ],
    [
      'constant',
      { items: { const: { a: ['x'] } } },
      (size) => Array.from({ length: size / 32 }, () => ({ a: ['x'] })),
    ],
  ];
  for (const [what, schema, value] of lists) {
    assert.equal(saidOf(schema, value(1024)), undefined, what);
    assert.ok(
      isLinear((size) => saidOf(schema, value(size)), 16 * 1024),
      what,
    );
  }
});

test('equal values are equal in any order of their keys, and 1 is neither true nor "1"', () => {
  const pairs: [a: JsonValue, b: JsonValue, equal: boolean][] = [
    [{ a: 1, b: [2] }, { b: [2], a: 1 }, true],
    [1, true, false],
    [0, false, false],
    ['1', 1, false],
    [null, 'null', false],
    [[1, 2], [2, 1], false],
    [{ a: 1 }, { a: 1, b: null }, false],
    [{ 10: 1, 9: 2 }, { 9: 2, 10: 1 }, true],
  ];
  for (const [a, b, equal] of pairs) {
    assert.equal(saidOf({ uniqueItems: true }, [a, b]) !== undefined, equal, JSON.stringify([a, b]));
    assert.equal(saidOf({ enum: [a] }, b) === undefined, equal, JSON.stringify([a, b]));
    assert.equal(saidOf({ const: a }, b) === undefined, equal, JSON.stringify([a, b]));
  }
});

test('schemas that refer to themselves are followed as deep as the value', () => {
  const tree = {
    type: 'object',
    properties: { next: { $ref: '#/definitions/tree' } },
    additionalProperties: false,
  };
  let value: JsonObject = {};
  for (let depth = 0; depth < 200; depth += 1) value = { next: value };
  assert.equal(saidOf({ $ref: '#/definitions/tree' }, value, { tree }), undefined);
  const endless = { a: { $ref: '#/definitions/b' }, b: { $ref: '#/definitions/a' } };
  assert.match(saidOf({ $ref: '#/definitions/a' }, 1, endless) ?? '', /^<SchemaError: /);
});
