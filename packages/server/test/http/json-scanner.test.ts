import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scanJson } from '../../src/http/json-scanner.ts';
import { jsonSyntaxError } from '../../src/http/json-syntax-error.ts';

/** The result of CPython 3.11's `json.loads` for each text: its message, position, line and column. */
const refused: [text: string, message: string, position: number, line: number, column: number][] = [
  ['', 'Expecting value', 0, 1, 1],
  [' ', 'Expecting value', 1, 1, 2],
  ['{', 'Expecting property name enclosed in double quotes', 1, 1, 2],
  ['[', 'Expecting value', 1, 1, 2],
  ['{}x', 'Extra data', 2, 1, 3],
  ['[1,]', 'Expecting value', 3, 1, 4],
  ['[1 2]', "Expecting ',' delimiter", 3, 1, 4],
  ['{"a"}', "Expecting ':' delimiter", 4, 1, 5],
  ['{"a":}', 'Expecting value', 5, 1, 6],
  ['{"a":1,}', 'Expecting property name enclosed in double quotes', 7, 1, 8],
  ['{"a" 1}', "Expecting ':' delimiter", 5, 1, 6],
  ['{a:1}', 'Expecting property name enclosed in double quotes', 1, 1, 2],
  ["{'a':1}", 'Expecting property name enclosed in double quotes', 1, 1, 2],
  ['"abc', 'Unterminated string starting at', 0, 1, 1],
  ['"a\\', 'Unterminated string starting at', 0, 1, 1],
  ['"a\\u12', 'Invalid \\uXXXX escape', 3, 1, 4],
  ['"a\\u12g4"', 'Invalid \\uXXXX escape', 3, 1, 4],
  ['"a\\q"', 'Invalid \\escape', 2, 1, 3],
  ['"a\nb"', 'Invalid control character at', 2, 1, 3],
  ['"\t"', 'Invalid control character at', 1, 1, 2],
  ['nul', 'Expecting value', 0, 1, 1],
  ['tru', 'Expecting value', 0, 1, 1],
  ['-', 'Expecting value', 0, 1, 1],
  ['-x', 'Expecting value', 0, 1, 1],
  ['01', 'Extra data', 1, 1, 2],
  ['1.', 'Extra data', 1, 1, 2],
  ['1.e3', 'Extra data', 1, 1, 2],
  ['1e', 'Extra data', 1, 1, 2],
  ['1e+', 'Extra data', 1, 1, 2],
  ['.5', 'Expecting value', 0, 1, 1],
  ['+1', 'Expecting value', 0, 1, 1],
  ['[1,2', "Expecting ',' delimiter", 4, 1, 5],
  ['[1,2 ', "Expecting ',' delimiter", 5, 1, 6],
  ['{"a":[1,{"b":}]}', 'Expecting value', 13, 1, 14],
  ['{"a":1 "b":2}', "Expecting ',' delimiter", 7, 1, 8],
  ['"\\ud83d\\u12"', 'Invalid \\uXXXX escape', 8, 1, 9],
  ['"\\ud83d\\uzzzz"   ', 'Invalid \\uXXXX escape', 8, 1, 9],
  ['"\\ud83d\\ud83d\\ude00', 'Invalid \\uXXXX escape', 14, 1, 15],
  ['"\\ud83d\\n', 'Unterminated string starting at', 0, 1, 1],
  ['{"\u00e9":"\ud83d\ude00", x}', 'Expecting property name enclosed in double quotes', 10, 1, 11],
  ['["\ud83d\ude00\ud83d\ude00",\n "\u00e9", ]', 'Expecting value', 13, 2, 7],
  ['{"a":\n1,\n  b}', 'Expecting property name enclosed in double quotes', 11, 3, 3],
  ['\n\n  ?', 'Expecting value', 4, 3, 3],
  ['NaN x', 'Extra data', 4, 1, 5],
  ['[NaN, Infinity, -Infinity', "Expecting ',' delimiter", 25, 1, 26],
  ['-Inf', 'Expecting value', 0, 1, 1],
  ['Infinit', 'Expecting value', 0, 1, 1],
  ['{"a":1}}', 'Extra data', 7, 1, 8],
  ['[]]', 'Extra data', 2, 1, 3],
  ['"a" "b"', 'Extra data', 4, 1, 5],
  ['\u000b1', 'Expecting value', 0, 1, 1],
  ['\u00a01', 'Expecting value', 0, 1, 1],
  ['{"\\x":1}', 'Invalid \\escape', 2, 1, 3],
  ['{"a\u0000":1}', 'Invalid control character at', 3, 1, 4],
  ['"\\u00e9\\u"', 'Invalid \\uXXXX escape', 8, 1, 9],
  ['"\\', 'Unterminated string starting at', 0, 1, 1],
  ['"\\u', 'Invalid \\uXXXX escape', 2, 1, 3],
  ['"\\uD800', 'Invalid \\uXXXX escape', 2, 1, 3],
  ['"\\uD800\\', 'Unterminated string starting at', 0, 1, 1],
  ['"\\uD800\\u', 'Invalid \\uXXXX escape', 8, 1, 9],
  ['"\\uD800\\u1', 'Invalid \\uXXXX escape', 8, 1, 9],
  ['"\\uD800\\u1234', 'Invalid \\uXXXX escape', 8, 1, 9],
  ['[[[[1}]]]', "Expecting ',' delimiter", 5, 1, 6],
  ['{"a":{"b":{"c":1]}}}', "Expecting ',' delimiter", 16, 1, 17],
  ['1 1', 'Extra data', 2, 1, 3],
  ['true false', 'Extra data', 5, 1, 6],
  ['"\\u\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00"', 'Invalid \\uXXXX escape', 2, 1, 3],
  ['"\\u12\ud83d\ude00', 'Invalid \\uXXXX escape', 2, 1, 3],
  ['name=flow&x=1', 'Expecting value', 0, 1, 1],
  ['<html>', 'Expecting value', 0, 1, 1],
  ['{"a":1}\n{"b":2}', 'Extra data', 8, 2, 1],
  ['{"a":\'x\'}', 'Expecting value', 5, 1, 6],
  ['[,1]', 'Expecting value', 1, 1, 2],
  ['{,}', 'Expecting property name enclosed in double quotes', 1, 1, 2],
  ['{"a":1,,"b":2}', 'Expecting property name enclosed in double quotes', 7, 1, 8],
  ['[1,,2]', 'Expecting value', 3, 1, 4],
  ['[tru]', 'Expecting value', 1, 1, 2],
  ['/* c */ {}', 'Expecting value', 0, 1, 1],
  ['{"a":undefined}', 'Expecting value', 5, 1, 6],
  ['{"a":0x10}', "Expecting ',' delimiter", 6, 1, 7],
  ['{"a":1_000}', "Expecting ',' delimiter", 6, 1, 7],
];

for (const [text, message, position, line, column] of refused) {
  test(`a body ${JSON.stringify(text)} is refused with the message of Python's parser`, () => {
    const found = scanJson(text);
    assert.ok('message' in found);
    const { msg, loc, ctx } = jsonSyntaxError(text, found, text);
    assert.equal(msg, `${message}: line ${line} column ${column} (char ${position})`);
    assert.deepEqual(loc, ['body', position]);
    assert.deepEqual(ctx, { msg: message, doc: text, pos: position, lineno: line, colno: column });
  });
}

test('NaN and the infinities are found where Python accepts them and JSON does not', () => {
  assert.deepEqual(scanJson('{"a": NaN, "b": ["NaN", -Infinity]}'), [
    { from: 6, to: 9 },
    { from: 24, to: 33 },
  ]);
});
