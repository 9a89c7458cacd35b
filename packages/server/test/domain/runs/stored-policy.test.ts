import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JsonText } from '@mintaka/contract';
import { flowRunPolicy } from '../../../src/database/codecs/policies.ts';
import { storedPolicy } from '../../../src/domain/runs/stored-policy.ts';

test('integers of a policy are stored with all their digits, as Python writes them, and can be read again', () => {
  const stored = storedPolicy({
    max_retries: 1,
    retry_delay_seconds: 0.5,
    retries: 1e30,
    retry_delay: 1e25,
    pause_keys: [],
    resuming: false,
  });
  assert.equal(
    stored,
    '{"max_retries": 1, "retry_delay_seconds": 0.5, "retries": 1000000000000000019884624838656, ' +
      '"retry_delay": 10000000000000000905969664, "pause_keys": [], "resuming": false}',
  );
  assert.equal(flowRunPolicy(new JsonText(stored)).retries, 1e30);
});
