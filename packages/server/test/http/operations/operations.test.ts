import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dialectApp, dialects } from '../../support/dialect-apps.ts';
import { readDescription } from './description.ts';
import { type Ask, tellStory } from './story.ts';

for (const dialect of dialects) {
  test(`every operation of the API works and answers as the server describes it, on ${dialect}`, async (t) => {
    const server = await dialectApp(dialect);
    if (server === undefined) return t.skip('there is no Postgres on this machine');
    t.after(server.close);
    const description = readDescription((await server.send('GET', '/openapi.json')).body);
    const asked = new Set<string>();
    const ask: Ask = async (status, method, path, body) => {
      const answer = await server.send(method, path, body);
      const operation = description.operationOf(method, path);
      asked.add(operation.name);
      assert.equal(answer.status, status, `${method} ${path}: ${JSON.stringify(answer.body)}`);
      assert.equal(operation.problem(answer.status, answer.body), undefined, `${method} ${path}`);
      return answer.body;
    };

    await tellStory(ask);

    const never = description.operations.map(({ name }) => name).filter((name) => !asked.has(name));
    assert.deepEqual(never, [], 'the story leaves out operations');
  });
}
