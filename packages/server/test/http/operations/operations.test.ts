import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operations } from '@mintaka/contract';
import { createClient, type Fetch } from '@mintaka/contract/client';
import { dialectApp, dialects } from '@mintaka/testing/dialect-apps';
import { story } from '@mintaka/testing/story';
import { type Description, readDescription } from './description.ts';

/** Sends real requests, and validates each answer against the server's description. Records the operations. */
function checkedFetch(description: Description, asked: Set<string>): Fetch {
  return async (url, request) => {
    const response = await fetch(url, request);
    const text = await response.text();
    const path = new URL(url).pathname;
    const operation = description.operationOf(request.method, path);
    asked.add(operation.name);
    const body = text === '' ? undefined : JSON.parse(text);
    assert.equal(operation.problem(response.status, body), undefined, `${request.method} ${path}`);
    return { status: response.status, headers: response.headers, text: async () => text };
  };
}

for (const dialect of dialects) {
  test(`every operation of the API works and answers as described, on ${dialect}`, async (t) => {
    const server = await dialectApp(dialect);
    if (server === undefined) return t.skip('Postgres is not installed');
    t.after(server.close);
    const description = readDescription((await server.send('GET', '/openapi.json')).body);
    const asked = new Set<string>();
    const url = await server.app.listen({ host: '127.0.0.1', port: 0 });
    const client = createClient(operations, {
      fetch: checkedFetch(description, asked),
      baseUrl: `${url}/api`,
    });

    for (const { name, tell } of story) await t.test(name, () => tell(client));
    assert.equal(await client.root.ready(), true);

    const never = description.operations.map(({ name }) => name).filter((name) => !asked.has(name));
    assert.deepEqual(never, [], 'the story does not use all operations');
  });
}
