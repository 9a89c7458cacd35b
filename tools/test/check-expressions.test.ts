import assert from 'node:assert/strict';
import { test } from 'node:test';

process.env.RECHECK_BACKEND = 'pure';
const { findSlowExpressions } = await import('../expressions/check.ts');

const path = 'packages/contract/src/some.ts';

/** Sources with an expression that a long text can make slow. */
const slow = [
  'const digits: RegExp = /^(?:\\d+)+$/;',
  "text.replace(/ +$/, '')",
  'const form = /\\{\\{\\s*(.*?)\\s*\\}\\}/g;',
  'function find(text: string) { return `${text.match(/(a|a)*b/)}`; }',
];

for (const text of slow) {
  test(`refused: ${text}`, () => assert.equal(findSlowExpressions({ path, text }).length, 1));
}

test('refused: an expression that the checker cannot judge', () => {
  const text = 'const word = /^(?=a)[a-z]+$/;';
  assert.match(findSlowExpressions({ path, text }).join(), /cannot be judged/);
});

/** Sources with an expression that is unknown before run time. */
const unknown = ['new RegExp(given)', 'RegExp(given)', "text.match('a+$')", 'text.search(`${a}`)'];

for (const text of unknown) {
  test(`refused: ${text}`, () => {
    assert.match(findSlowExpressions({ path, text }).join(), /created at run time/);
  });
}

test('linear expressions, comments and divisions are not reported', () => {
  const text =
    '/* /(a+)+$/ */ const half = a / b / c; // /(a+)+$/\nconst word = /^[a-z]+$/i; text.match(word);';
  assert.deepEqual(findSlowExpressions({ path, text }), []);
});
