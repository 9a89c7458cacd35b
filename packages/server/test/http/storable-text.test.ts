import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePlainJson } from '@mintaka/contract';
import { isLinear } from '@mintaka/testing/linear';
import fc from 'fast-check';
import { storableJson, storableTexts } from '../../src/http/storable-text.ts';

/** The same, value by value. */
function repaired(value: unknown, takesNul: boolean): unknown {
  if (typeof value === 'string') {
    const wellFormed = value.toWellFormed();
    return takesNul ? wellFormed : wellFormed.replaceAll('\0', '\ufffd');
  }
  if (Array.isArray(value)) return value.map((item) => repaired(item, takesNul));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [repaired(key, takesNul), repaired(item, takesNul)]),
  );
}

const unit = fc.constantFrom(
  'a',
  '\\',
  '"',
  '\0',
  '\ud800',
  '\udbff',
  '\udc00',
  '\udfff',
  '😀',
  'u0000',
  '\\ud800',
);
const texts = fc.array(unit, { maxLength: 8 }).map((units) => units.join(''));
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    texts,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(texts, tie('value'), { maxKeys: 3 }),
  ),
})).value;

test('half surrogate pairs become U+FFFD, and NUL if necessary, in keys and values', () => {
  for (const takesNul of [true, false]) {
    fc.assert(
      fc.property(values, (value) => {
        const json = JSON.stringify(value);
        assert.deepEqual(
          parsePlainJson(storableJson(json, takesNul)),
          repaired(parsePlainJson(json), takesNul),
        );
      }),
      { numRuns: 3000 },
    );
  }
});

test('capital hex digits count, and text that only looks like an escape does not', () => {
  assert.equal(storableJson('"\\uD83D\\uDE00"', false), '"\\uD83D\\uDE00"');
  assert.equal(storableJson('"\\uDE00\\uD83D"', false), '"\\ufffd\\ufffd"');
  assert.equal(storableJson('"\\\\ud800 \\\\\\ud800 \\\\u0000"', false), '"\\\\ud800 \\\\\\ufffd \\\\u0000"');
});

test('NULs in paths and queries are replaced if necessary', () => {
  assert.deepEqual(storableTexts({ name: 'a\0', all: ['\0', 'b'] }, false), {
    name: 'a\ufffd',
    all: ['\ufffd', 'b'],
  });
  assert.deepEqual(storableTexts({ name: 'a\0' }, true), { name: 'a\0' });
});

test('a text of escapes is checked in linear time', () => {
  for (const piece of ['\\u0000', '\\ud800', '\\ud83d\\ude00', '\\\\', '\\ud', '\\']) {
    assert.ok(
      isLinear((size) => storableJson(`"\\u0000${piece.repeat(size / piece.length)}`, false), 64 * 1024),
      piece,
    );
  }
});
