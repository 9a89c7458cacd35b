import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  cronProblem,
  FlowCreate,
  FlowFilterBody,
  memberOf,
  parseJson,
  TaskRunCreate,
} from '../../src/index.ts';
import { dict, integer, json } from '../../src/wire/index.ts';

/** Names that every object of JavaScript knows. */
const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__'];

test('a cron expression with the name of an object member is invalid', () => {
  for (const name of names) {
    for (const text of [name, `@${name}`, `${name} * * * *`, `* * * ${name} *`]) {
      assert.equal(cronProblem(text), `Invalid cron string: "${text}"`);
    }
  }
});

test('__proto__ in a body is an ordinary key: it sets nothing', () => {
  const body = parseJson('{"offset": null, "__proto__": {"limit": 1, "sort": "NAME_DESC"}}');
  const read = FlowFilterBody.parse(body);
  assert.deepEqual(read, { offset: 0, sort: 'NAME_ASC' });
  assert.equal(memberOf({}, 'limit'), undefined);
});

test('unknown keys are refused, whatever their names', () => {
  for (const name of names) {
    const { error } = FlowCreate.safeParse(
      parseJson(`{"name": "flow", ${JSON.stringify(name)}: {"tags": []}}`),
    );
    assert.deepEqual(
      error?.issues.map((issue) => 'keys' in issue && issue.keys),
      [[name]],
    );
  }
});

test('objects with arbitrary keys keep them, whatever their names', () => {
  for (const name of names) {
    const text = `{${JSON.stringify(name)}:1}`;
    for (const type of [dict(integer()), dict(json()), json()]) {
      assert.equal(JSON.stringify(type.parse(parseJson(text))), text);
    }
    const run = TaskRunCreate.parse({
      flow_run_id: '00000000-0000-0000-0000-000000000000',
      task_key: 'key',
      dynamic_key: '0',
      task_inputs: parseJson(`{${JSON.stringify(name)}: []}`),
    });
    assert.equal(JSON.stringify(run.task_inputs), `{${JSON.stringify(name)}:[]}`);
  }
});
