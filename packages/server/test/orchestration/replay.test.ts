import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AnsweredRequest, isReplay } from '../../src/orchestration/replay.ts';

const request = { requestId: 'r', fingerprint: 'body' };
const answered: AnsweredRequest = { ...request, stateId: 's', answerLost: false };

test('the same request repeated gets its answer again', () => {
  assert.equal(isReplay(request, 's', answered), true);
});

test('an id with different bodies is not a replay', () => {
  assert.equal(isReplay({ ...request, fingerprint: 'other' }, 's', answered), false);
});

test('after another state was written the old answer is not used', () => {
  assert.equal(isReplay(request, 'later', answered), false);
  assert.equal(isReplay(request, null, answered), false);
  assert.equal(isReplay(request, 's', null), false);
});

test('two clients with the same proposal are never confused: equal bodies without an id prove nothing', () => {
  const anonymous = { requestId: null, fingerprint: 'body' };
  assert.equal(isReplay(anonymous, 's', { ...answered, requestId: null }), false);
  assert.equal(isReplay(anonymous, 's', answered), false);
  assert.equal(isReplay(request, 's', { ...answered, requestId: null, answerLost: true }), false);
  assert.equal(isReplay({ ...request, requestId: 'q' }, 's', { ...answered, answerLost: true }), false);
});

test('an acceptance that reached no client is given to the next equal request', () => {
  const anonymous = { requestId: null, fingerprint: 'body' };
  assert.equal(isReplay(anonymous, 's', { ...answered, requestId: null, answerLost: true }), true);
});
