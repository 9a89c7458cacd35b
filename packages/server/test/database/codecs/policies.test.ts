import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonText } from '@mintaka/contract';
import { flowRunPolicy, taskRunPolicy } from '../../../src/database/codecs/policies.ts';

test('a flow run policy of an older release gets its missing fields', () => {
  assert.deepEqual(flowRunPolicy(jsonText({})), {
    max_retries: 0,
    retry_delay_seconds: 0,
    retries: null,
    retry_delay: null,
    pause_keys: [],
    resuming: false,
  });
});

test('the retry settings of older releases apply if the newer ones are not set', () => {
  const stored = { max_retries: 3, retry_delay_seconds: JSON.rawJSON('10.0'), retries: null, retry_delay: 0 };
  const { retries, retry_delay, retry_delay_seconds } = flowRunPolicy(jsonText(stored));
  assert.deepEqual(
    { retries, retry_delay, retry_delay_seconds },
    { retries: 3, retry_delay: 10, retry_delay_seconds: 10 },
  );
  assert.equal(taskRunPolicy(jsonText({ ...stored, retry_delay: [] })).retry_delay, 10);
});

test('retry settings that are set are kept, including zero', () => {
  assert.equal(flowRunPolicy(jsonText({ max_retries: 3, retries: 1 })).retries, 1);
  assert.equal(flowRunPolicy(jsonText({ max_retries: 0, retries: 0 })).retries, 0);
  assert.equal(flowRunPolicy(jsonText({ retry_delay_seconds: 0, retry_delay: 0 })).retry_delay, 0);
  assert.deepEqual(
    taskRunPolicy(jsonText({ retry_delay_seconds: 5, retry_delay: [1, 2] })).retry_delay,
    [1, 2],
  );
});

test('pause keys and the mark of resuming are kept, including null', () => {
  assert.deepEqual(flowRunPolicy(jsonText({ pause_keys: ['a'], resuming: true })).pause_keys, ['a']);
  assert.equal(flowRunPolicy(jsonText({ resuming: true })).resuming, true);
  assert.equal(flowRunPolicy(jsonText({ pause_keys: null, resuming: null })).pause_keys, null);
  assert.equal(flowRunPolicy(jsonText({ pause_keys: null, resuming: null })).resuming, null);
});

test('anything except an object is read as an empty policy', () => {
  for (const stored of [null, [], 'text', 1, JSON.rawJSON('1.0')]) {
    assert.deepEqual(taskRunPolicy(jsonText(stored)), {
      max_retries: 0,
      retry_delay_seconds: 0,
      retries: null,
      retry_delay: null,
      retry_jitter_factor: null,
    });
  }
});
