import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { coalesce } from '../../../src/domain/work-pools/coalesce.ts';

/** Queries for the largest number, which are answered when the test says so. */
function questions() {
  const asked: (PromiseWithResolvers<string> & { demand: number })[] = [];
  const ask = coalesce((demand: number) => {
    const question = { ...Promise.withResolvers<string>(), demand };
    asked.push(question);
    return question.promise;
  }, Math.max);
  return { ask, asked, demands: () => asked.map(({ demand }) => demand) };
}

test('callers that arrive while a query is running share the next one', async () => {
  const { ask, asked, demands } = questions();
  const answers = [1, 2, 4, 3].map((demand) => ask('key', demand));
  assert.deepEqual(demands(), [1]);
  asked[0]?.resolve('first');
  assert.equal(await answers[0], 'first');
  await turn();
  assert.deepEqual(demands(), [1, 4]);
  const later = ask('key', 5);
  asked[1]?.resolve('second');
  assert.deepEqual(await Promise.all(answers.slice(1)), ['second', 'second', 'second']);
  await turn();
  assert.deepEqual(demands(), [1, 4, 5]);
  asked[2]?.resolve('third');
  assert.equal(await later, 'third');
});

test('queries with different keys do not wait for each other', () => {
  const { ask, demands } = questions();
  ask('one', 1);
  ask('other', 2);
  assert.deepEqual(demands(), [1, 2]);
});

test('an error is thrown to all callers that shared the query, and the next query runs anyway', async () => {
  const { ask, asked, demands } = questions();
  const [failed, next] = [ask('key', 1), ask('key', 2)];
  asked[0]?.reject(new Error('no connection'));
  await assert.rejects(failed, /no connection/);
  await turn();
  asked[1]?.resolve('answer');
  assert.equal(await next, 'answer');
  assert.deepEqual(demands(), [1, 2]);
});
