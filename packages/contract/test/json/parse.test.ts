import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  encodeJson,
  jsonText,
  parseJson,
  parsePlainJson,
  parseSentJson,
  storedJson,
} from '../../src/index.ts';
import { integer } from '../../src/wire/index.ts';

/** The result of parsing a text, as text; undefined if it is not JSON. */
function read(text: string): string | undefined {
  try {
    return encodeJson(parseJson(text));
  } catch (error) {
    assert.ok(error instanceof SyntaxError, text);
    return undefined;
  }
}

function readByNode(text: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Texts that use the exact parser because of their first item. */
const exactly = (text: string) => `[1e0,${text}]`;

test('values are returned as they were written, by both parsers', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6, stringUnit: 'binary' }), (text) => {
      if (/[eE]|\d{16}/.test(text)) return;
      assert.equal(read(text), readByNode(text));
      assert.equal(read(exactly(text)), readByNode(exactly(text))?.replace('1', '1.0'));
    }),
    { numRuns: 2000 },
  );
});

test('a key of one escaped character is read correctly, whatever objects were read before', () => {
  for (const key of ['\n', '"', 'é', '\\', '\0', '\ud800']) {
    const name = `first ${key.charCodeAt(0)}`;
    JSON.parse(`{"${name}":1,"\\\\":2}`);
    const text = `{"${name}":1,"${escaped(key)}" :2}`;
    for (const parse of [parseJson, parseSentJson, parsePlainJson]) {
      assert.deepEqual(parse(text), { [name]: 1, [key]: 2 }, text);
    }
  }
});

function escaped(unit: string): string {
  return unit === '\\' ? '\\\\' : `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

test('texts that are not JSON are refused, and only those', () => {
  const letters = ['{', '}', '[', ']', ':', ',', '"', '"a"', '\\', '1', '0', '-', '.', 'e', '+', ' ', '\n'];
  const units = fc.constantFrom(...letters, 'true', 'null', '\\u', '00e9', '\u0001', '\u00a0', 'NaN', '"b":');
  fc.assert(
    fc.property(fc.array(units, { maxLength: 8 }), (pieces) => {
      const text = pieces.join('');
      for (const whole of [text, exactly(text)]) {
        assert.equal(read(whole) === undefined, readByNode(whole) === undefined, whole);
      }
    }),
    { numRuns: 5000 },
  );
});

/** Numbers as a client may write them, and as Python's `json` reads and writes them. */
const numbers: readonly [written: string, read: string][] = [
  ['1.0', '1.0'],
  ['1.10', '1.1'],
  ['1e5', '100000.0'],
  ['1E+2', '100.0'],
  ['0.1e1', '1.0'],
  ['1e22', '1e+22'],
  ['1e-7', '1e-07'],
  ['-0', '0'],
  ['-0.0', '-0.0'],
  ['123456789012345678901.5', '1.2345678901234568e+20'],
  ['12345678901234567890', '12345678901234567890'],
  [`1.${'1'.repeat(5000)}`, '1.1111111111111112'],
  ['1e-400', '0.0'],
  [`1${'0'.repeat(308)}`, `1${'0'.repeat(308)}`],
];

test('numbers are read and written as Python reads and writes them', () => {
  for (const [written, read] of numbers) {
    assert.equal(encodeJson(parseJson(`[${written}]`)), `[${read}]`);
    assert.equal(storedJson(parseJson(`{"a": ${written}}`)), `{"a": ${read}}`);
    assert.equal(encodeJson(parseJson(`[${read}]`)), `[${read}]`);
  }
});

test('numbers beyond the range of a double are stored as null, like NaN, and are not valid in number fields', () => {
  for (const number of ['1e400', '-1e400', '1e131071', '9'.repeat(309), `-${'9'.repeat(4000)}`]) {
    assert.equal(encodeJson(parseJson(`{"a":[${number}]}`)), '{"a":[null]}');
    assert.equal(storedJson(parseSentJson(`{"a":[${number}]}`)), '{"a": [null]}');
    assert.equal(integer().safeParse(parseSentJson(number)).success, false);
  }
});

test('values 100,000 levels deep are read and written', () => {
  const depth = 100_000;
  for (const leaf of ['1', '1.0']) {
    const lists = `${'['.repeat(depth)}${leaf}${']'.repeat(depth)}`;
    assert.equal(encodeJson(parseJson(lists)), lists);
    const objects = `${'{"a": '.repeat(depth)}${leaf}${'}'.repeat(depth)}`;
    assert.equal(storedJson(parseJson(objects)), objects);
    const text = jsonText(parseJson(lists));
    assert.equal(encodeJson({ of: [text] }), `{"of":[${lists}]}`);
  }
});
