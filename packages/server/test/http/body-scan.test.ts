import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WRITTEN_OUT_DIGITS } from '@mintaka/contract';
import { isLinear } from '@mintaka/testing/linear';
import fc from 'fast-check';
import { type BodyFault, scanBody, startBodyScan } from '../../src/http/body-scan.ts';

const limits = { depth: 5, values: 20 };

function scanned(text: string): BodyFault | undefined {
  const bytes = Buffer.from(text);
  return scanBody(startBodyScan(), bytes, bytes.length, limits);
}

/** Counts the depth and the values of a JSON value in a simple way. */
function measured(value: unknown): { depth: number; values: number } {
  if (typeof value !== 'object' || value === null) return { depth: 0, values: 0 };
  const items = Object.values(value).map(measured);
  const sum = items.reduce((total, item) => total + item.values, 0);
  return {
    depth: 1 + Math.max(0, ...items.map((item) => item.depth)),
    // A container counts as one, and so does each comma.
    values: 1 + Math.max(0, items.length - 1) + sum,
  };
}

test('depth and values are counted outside of strings, up to the limits and not beyond', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 8, stringUnit: 'binary' }), (text) => {
      const { depth, values } = measured(JSON.parse(text));
      const fault = scanned(text);
      if (fault === 'depth') assert.ok(depth > limits.depth, text);
      else if (fault === 'values') assert.ok(values > limits.values, text);
      else assert.ok(depth <= limits.depth && values <= limits.values, text);
    }),
    { numRuns: 3000 },
  );
});

test('brackets, quotes and commas within strings are not counted', () => {
  assert.equal(
    scanned(JSON.stringify(['[[[[[[[[[', '"[[[[[[[', '\\', '\\"[[[[[', `${','.repeat(100)}`])),
    undefined,
  );
  assert.equal(scanned(JSON.stringify({ [`"${'{'.repeat(100)}\\`]: 'x'.repeat(100) })), undefined);
  assert.equal(scanned(`["${'\\\\'.repeat(40)}",[[[[[]]]]]]`), 'depth');
});

test('the depth may reach its limit', () => {
  assert.equal(scanned('[[[[[]]]]]'), undefined);
  assert.equal(scanned('[[[[[[]]]]]]'), 'depth');
  assert.equal(scanned('{"a":[{"a":[{"a":[]}]}]}'), 'depth');
  // Closed ones are not nested in each other.
  assert.equal(scanned('[[],[],[],[],[],[]]'), undefined);
});

test('the number of items may reach its limit', () => {
  assert.equal(scanned(`[${'1,'.repeat(19)}1]`), undefined);
  assert.equal(scanned(`[${'1,'.repeat(20)}1]`), 'values');
  assert.equal(scanned(`{${'"a":1,'.repeat(20)}"a":1}`), 'values');
  assert.equal(scanned('[[],[],[],[],[],[],[],[],[],[],[]]'), 'values');
});

test('large exponents may take the maximum number of digits, and not more', () => {
  const roomy = { depth: 5, values: 1e9 };
  const scan = (text: string) => {
    const bytes = Buffer.from(text);
    return scanBody(startBodyScan(), bytes, bytes.length, roomy);
  };
  const count = Math.floor(WRITTEN_OUT_DIGITS.free / (300 - WRITTEN_OUT_DIGITS.perByte * 6)) - 10;
  const few = `[${'1e300,'.repeat(count)}0]`;
  assert.equal(scan(few), undefined);
  assert.equal(scan(`[${'1e300,'.repeat(count * 2)}0]`), 'numbers');
  assert.equal(scan(`[${'1E-300,'.repeat(count * 2)}0]`), 'numbers');
  // Ordinary exponents, and those of numbers that become null or zero.
  for (const number of ['1e-05', '2.5E+10', '1e400', '1e131071', '1e-4000']) {
    assert.equal(scan(`[${`${number},`.repeat(400_000)}true,false]`), undefined);
  }
  assert.equal(scan(`[${'true,false,'.repeat(400_000)}"${'1e300'.repeat(400_000)}"]`), undefined);
});

test('a scan in slices has the same result as a scan in one go', () => {
  const texts = fc.oneof(
    fc.json({ maxDepth: 8, stringUnit: 'binary' }),
    fc
      .array(fc.constantFrom('[', ']', '{', '}', ',', '"', '\\', '1e300', 'true', 'é', ' '.repeat(30)))
      .map((all) => all.join('')),
    fc
      .nat(60)
      .map((count) => `["${'x'.repeat(count)}\\"${'y'.repeat(count)}", [[[[[${'1,'.repeat(count)}1]]]]]]`),
  );
  fc.assert(
    fc.property(texts, fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), (text, slices) => {
      const bytes = Buffer.from(text);
      // The state may cross to another thread in between.
      let scan = startBodyScan();
      let fault: BodyFault | undefined;
      for (let end = 0, turn = 0; fault === undefined && scan.at < bytes.length; turn += 1) {
        end = Math.max(end, scan.at) + (slices[turn % slices.length] ?? 1);
        scan = structuredClone(scan);
        fault = scanBody(scan, bytes, end, limits);
      }
      assert.equal(fault, scanned(text), text);
    }),
    { numRuns: 3000 },
  );
});

test('the scan takes linear time', () => {
  const pieces = [
    '[',
    ']',
    '{',
    ',',
    '"',
    '\\',
    '"\\',
    '\\"',
    '"",',
    '"x',
    '"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"',
    '1e',
    'e',
    '1',
    // Escapes far from each other, in one string.
    `${'x'.repeat(40)}\\n`,
    `${'x'.repeat(40)}\\"`,
  ];
  const endless = { depth: Number.POSITIVE_INFINITY, values: Number.POSITIVE_INFINITY };
  for (const start of ['', '"']) {
    for (const piece of pieces) {
      const scan = (size: number) => {
        const bytes = Buffer.from(start + piece.repeat(size / piece.length));
        return scanBody(startBodyScan(), bytes, bytes.length, endless);
      };
      assert.ok(isLinear(scan, 512 * 1024), start + piece);
    }
  }
});
