import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareAnswers } from '../differential/compare.ts';
import { createIdentities } from '../differential/identities.ts';
import { type Json, parseJson } from '../differential/json.ts';
import { createTimes } from '../differential/times.ts';

const one = '11111111-1111-4111-8111-111111111111';
const two = '22222222-2222-4222-8222-222222222222';
const three = '33333333-3333-4333-8333-333333333333';

function compare(reference: unknown, ours: unknown, list?: { sort?: string; limit: number; offset: number }) {
  return compareAnswers(json(reference), json(ours), {
    identities: createIdentities(),
    times: createTimes(),
    list,
  });
}

function json(value: unknown): Json {
  return parseJson(JSON.stringify(value)) ?? null;
}

function soon(milliseconds: number): string {
  return new Date(Date.now() + milliseconds).toISOString().replace('Z', '000+00:00');
}

test('ids of the two servers may differ as long as they always refer to the same object', () => {
  assert.deepEqual(compare({ id: one, flow_id: one }, { id: two, flow_id: two }), []);
  const identities = createIdentities();
  const comparison = { identities, times: createTimes() };
  assert.deepEqual(compareAnswers(json({ id: one }), json({ id: two }), comparison), []);
  assert.equal(compareAnswers(json({ id: one }), json({ id: three }), comparison).length, 1);
});

test('times near now may differ slightly, times from a client may not', () => {
  assert.deepEqual(compare({ created: soon(0) }, { created: soon(900) }), []);
  assert.equal(compare({ created: soon(0) }, { created: soon(60_000) }).length, 1);
  assert.equal(compare({ at: '2020-01-01T00:00:00+00:00' }, { at: '2020-01-01T00:00:01+00:00' }).length, 1);
  assert.deepEqual(compare({ at: '2020-01-01T02:00:00+02:00' }, { at: '2020-01-01T00:00:00+00:00' }), []);
});

test('a missing key, another value and another type are differences', () => {
  assert.equal(compare({ a: 1 }, {}).length, 1);
  assert.equal(compare({ a: 1 }, { a: 2 }).length, 1);
  assert.equal(compare({ a: '1' }, { a: 1 }).length, 1);
  assert.equal(compare({ a: null }, { a: [] }).length, 1);
});

test('a list keeps its guaranteed order, and items with the same sort key may swap places', () => {
  const list = { sort: 'NAME_ASC', limit: 200, offset: 0 };
  const items = [
    { id: one, name: 'A1' },
    { id: two, name: 'B1' },
  ];
  assert.deepEqual(compare(items, items, list), []);
  assert.notEqual(compare(items, items.toReversed(), list).length, 0);
  const alike = [
    { name: 'A1', x: 1 },
    { name: 'A1', x: 2 },
  ];
  assert.deepEqual(compare(alike, alike.toReversed(), list), []);
  assert.notEqual(compare(alike, [alike[0], alike[0]], list).length, 0);
});
