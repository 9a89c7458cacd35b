import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { SCHEMA_CHECK } from '@mintaka/contract';
import { type TestApp, testApp } from '@mintaka/testing/app';
import { createSchemaChecks } from '../../packages/server/src/domain/schema-checks/schema-checks.ts';
import { limits } from '../docs/limits-page.ts';

let server: TestApp;
let flow: string;
before(async () => {
  server = await testApp();
  flow = (await post('/flows/', { name: 'limits' })).body.id;
});
after(() => server.close());

async function send(method: 'GET' | 'POST' | 'PATCH', url: string, payload: string) {
  const headers = { 'content-type': 'application/json' };
  const answer = await server.app.inject({ method, url: `/api${url}`, headers, payload });
  return { status: answer.statusCode, body: answer.body === '' ? undefined : JSON.parse(answer.body) };
}

const post = (url: string, body: object) => send('POST', url, JSON.stringify(body));

/** Sends a value at a limit, and one just beyond it; both must get the declared answers. */
async function assertStatuses(
  ask: (size: number) => Promise<{ status: number }>,
  most: number,
  [within, beyond]: [number, number],
): Promise<void> {
  assert.equal((await ask(most)).status, within, 'at the limit');
  assert.equal((await ask(most + 1)).status, beyond, 'beyond the limit');
}

const newName = () => `limits-${crypto.randomUUID()}`;

const deploy = (fields: object) => post('/deployments/', { name: newName(), flow_id: flow, ...fields });
const makePool = (base_job_template: object) => post('/work_pools/', { name: newName(), base_job_template });
/** A job template with these variables and additional fields. */
const template = (properties: object, more: object = {}) => ({
  job_configuration: { command: 'run' },
  variables: { properties, ...more },
});
const nested = (depth: number): object => (depth === 0 ? {} : { a: nested(depth - 1) });
/** An object with this many characters of JSON in its stored form, padded with a text. */
function ofSize(make: (text: string) => object, size: number): object {
  const spaced = JSON.stringify(make(''), null, 1)
    .replaceAll(/\n */g, ' ')
    .replaceAll(/([[{]) | ([\]}])/g, '$1$2');
  return make('x'.repeat(size - spaced.length));
}

/** A check that never ends within its time. */
function endless() {
  const again = { properties: { next: { $ref: '#/definitions/twice' } } };
  let v: object = {};
  for (let level = 0; level < 60; level += 1) v = { next: v };
  const definitions = { twice: { type: 'object', allOf: [again, again] } };
  const properties = { v: { $ref: '#/definitions/twice' } };
  return {
    template: JSON.stringify(template(properties, { definitions })),
    overrides: JSON.stringify({ v }),
  };
}

type Name = keyof typeof limits;

/** The place of a test in another file: the file, and a part of its name. */
type Elsewhere = readonly [file: string, name: string];

const sharing = 'http/blocks/sharing.test.ts';
const answers = 'http/robustness/answers.test.ts';

/** A test for each limit, at its value and just beyond. */
const tests: Record<Name, (() => Promise<void>) | Elsewhere> = {
  bodyBytes: () => {
    const ask = (size: number) => send('POST', '/flows/filter', `{"limit": ${' '.repeat(size - 12)}1}`);
    return assertStatuses(ask, limits.bodyBytes.most, [200, 413]);
  },
  bodyMemory: [
    'http/robustness/body-threads.test.ts',
    'bodies that use too much memory together are refused',
  ],
  bodyDepth: () => {
    const ask = (depth: number) =>
      send('POST', '/flows/filter', `{"a":${JSON.stringify(nested(depth - 2))}}`);
    return assertStatuses(ask, limits.bodyDepth.most, [200, 400]);
  },
  bodyValues: () => {
    // The object and the list count as one each.
    const ask = (count: number) => send('POST', '/flows/filter', `{"a":[${'0,'.repeat(count - 2)}0]}`);
    return assertStatuses(ask, limits.bodyValues.most, [200, 413]);
  },
  bodyDigits: async () => {
    const body = (count: number) => `{"a":[${'1e300,'.repeat(count)}0]}`;
    const most = Math.max(
      ...[...Array(5000).keys()].filter(
        (count) => 300 * count <= limits.bodyDigits.most + 4 * body(count).length,
      ),
    );
    await assertStatuses((count) => send('POST', '/flows/filter', body(count)), most, [200, 413]);
  },
  number: async () => {
    const parameters = async (number: string) => {
      const run = await send('POST', '/flow_runs/', `{"flow_id":"${flow}","parameters":{"x":${number}}}`);
      return run.body.parameters.x;
    };
    assert.equal(await parameters('1.7976931348623157e308'), limits.number.most);
    assert.equal(await parameters('1.7976931348623159e308'), null);
    assert.equal((await send('POST', '/flows/filter', '{"offset":1e309}')).status, 422);
  },
  page: () => assertStatuses((limit) => post('/flows/filter', { limit }), limits.page.most, [200, 422]),
  scalar: async () => {
    const fields: [url: string, around: (text: string) => object, text: string, filler: string][] = [
      ['/flows/filter', (text) => ({ flows: { id: { any_: [text] } } }), flow, '{'],
      ['/flows/filter', (text) => ({ offset: text }), '1', '0'],
      [
        '/flow_runs/filter',
        (text) => ({ flow_runs: { start_time: { after_: text } } }),
        '2020-01-01T00:00:00.0',
        '',
      ],
      [
        '/deployments/',
        (interval) => ({ name: newName(), flow_id: flow, schedule: { interval } }),
        '60',
        '0',
      ],
    ];
    for (const [url, around, text, filler] of fields) {
      const ask = (size: number) => {
        const padding = (filler || '0').repeat(size - text.length);
        return post(url, around(filler === '' ? text + padding : padding + text));
      };
      const { status } = await ask(text.length);
      await assertStatuses(ask, limits.scalar.most, [status, 422]);
    }
  },
  cron: () => {
    const ask = (size: number) => deploy({ schedule: { cron: '0 0 * * *'.padEnd(size) } });
    return assertStatuses(ask, limits.cron.most, [201, 422]);
  },
  recurrence: () => {
    const ask = (size: number) => deploy({ schedule: { rrule: 'FREQ=DAILY'.padEnd(size) } });
    return assertStatuses(ask, limits.recurrence.most, [201, 422]);
  },
  timezone: async () => {
    const ask = (timezone: string) => deploy({ schedule: { interval: 60, timezone } });
    assert.equal((await ask('America/Argentina/ComodRivadavia')).status, 201);
    assert.equal((await ask('a'.repeat(limits.timezone.most + 1))).status, 422);
  },
  url: () => {
    const ask = (size: number) =>
      post('/block_types/', {
        name: newName(),
        slug: newName(),
        logo_url: 'https://example.com/'.padEnd(size, 'a'),
      });
    return assertStatuses(ask, limits.url.most, [201, 422]);
  },
  cacheKey: async () => {
    const { id } = (await post('/flow_runs/', { flow_id: flow })).body;
    const ask = (size: number) =>
      post('/task_runs/', {
        flow_run_id: id,
        task_key: 'k',
        dynamic_key: newName(),
        cache_key: 'c'.repeat(size),
      });
    await assertStatuses(ask, limits.cacheKey.most, [201, 422]);
  },
  message: () => {
    // A policy for a missing block is a conflict.
    const ask = (size: number) =>
      post('/flow_run_notification_policies/', {
        state_names: [],
        tags: [],
        block_document_id: flow,
        message_template: 'm'.repeat(size),
      });
    return assertStatuses(ask, limits.message.most, [409, 422]);
  },
  templateCharacters: () => {
    const ask = (size: number) => makePool(ofSize((title) => template({ a: { title } }), size));
    return assertStatuses(ask, limits.templateCharacters.most, [201, 422]);
  },
  templateVariables: () => {
    const ask = (count: number) =>
      makePool(template(Object.fromEntries(Array.from({ length: count }, (_, index) => [`v${index}`, {}]))));
    return assertStatuses(ask, limits.templateVariables.most, [201, 422]);
  },
  templateDepth: () => {
    const ask = (depth: number) => makePool(template(nested(depth - 3)));
    return assertStatuses(ask, limits.templateDepth.most, [201, 422]);
  },
  claimedRuns: async () => {
    const { name } = (await makePool({})).body;
    const ask = (limit: number) =>
      post(`/mintaka/work_pools/${name}/claim`, { claim_id: randomUUID(), limit });
    await assertStatuses(ask, limits.claimedRuns.most, [200, 422]);
  },
  listedOperations: async () => {
    const read = { operation: 'flowRuns.read', params: { id: randomUUID() } };
    const ask = (count: number) => {
      const operations = Array.from({ length: count }, () => read);
      return post('/mintaka/operations', { id: randomUUID(), mode: 'each', operations });
    };
    await assertStatuses(ask, limits.listedOperations.most, [200, 422]);
  },
  waitSeconds: async () => {
    const wait = `/mintaka/flow_runs/${randomUUID()}/wait`;
    const ask = (timeout: number) => send('GET', `${wait}?timeout=${timeout}`, '');
    // At the limit the run is looked for, and is missing.
    await assertStatuses(ask, limits.waitSeconds.most, [404, 422]);
  },
  overrides: async () => {
    const { name } = (await makePool(template({ a: {} }))).body;
    const ask = (size: number) =>
      deploy({ work_pool_name: name, infra_overrides: ofSize((a) => ({ a }), size) });
    await assertStatuses(ask, limits.overrides.most, [201, 409]);
  },
  checkSeconds: async () => {
    assert.equal(limits.checkSeconds.most, SCHEMA_CHECK.seconds);
    const checks = createSchemaChecks({ ...SCHEMA_CHECK, seconds: 1 });
    assert.deepEqual(await checks.judge(endless()), {
      status: 'unfinished',
      reason: 'it took more than 1 seconds',
    });
    await checks.close();
  },
  checkMemory: ['domain/schema-checks/schema-checks.test.ts', 'a check that takes too much memory is ended'],
  checkPatterns: async () => {
    // Each of these has a thousand and two instructions.
    const patterns = (count: number) =>
      template(
        Object.fromEntries(
          Array.from({ length: count }, (_, index) => [`v${index}`, { pattern: `a{1000}` }]),
        ),
      );
    const ask = async (count: number) => {
      const { name } = (await makePool(patterns(count))).body;
      return deploy({ work_pool_name: name });
    };
    await assertStatuses(ask, Math.floor(limits.checkPatterns.most / 1002), [201, 409]);
  },
  checksWaiting: async () => {
    const checks = createSchemaChecks();
    const check = { template: JSON.stringify(template({ a: {} })), overrides: '{}' };
    const fitting = Array.from({ length: limits.checksWaiting.most + 1 }, () => checks.judge(check));
    await assert.rejects(checks.judge(check), /Too many deployments/);
    for (const { status } of await Promise.all(fitting)) assert.equal(status, 'valid');
    await checks.close();
  },
  documentReferences: [sharing, 'a document may refer to the maximum number of others, and not to more'],
  writtenOutCharacters: [sharing, 'shared documents are expanded up to the limit'],
  writtenOutDepth: [sharing, 'a long chain of documents can be read, with the first ones expanded'],
  schemaCharacters: [
    sharing,
    'a schema may have the maximum number of references and characters, and not more',
  ],
  schemaReferences: [
    sharing,
    'a schema may have the maximum number of references and characters, and not more',
  ],
  definitionCharacters: [sharing, 'a schema shows definitions of others up to the limit'],
  secretPaths: [
    'domain/blocks/secret-tree.test.ts',
    'a schema may have up to the maximum number of secret paths',
  ],
  complaints: [answers, 'a refused request has at most 1,000 errors'],
  complaintCharacters: [answers, 'a refused request has at most 1,000 errors, of at most a megabyte'],
  shownText: [answers, 'a long text in a message is truncated, with its length'],
  messageCharacters: [answers, 'a long message is truncated, with its length'],
  shownBody: [answers, 'a body of ordinary size is shown unchanged'],
};

for (const [name, run] of Object.entries(tests)) {
  if (typeof run === 'function') test(`the limit ${name} applies, and not before`, run);
  else {
    const [file, part] = run;
    test(`the limit ${name} has its test in ${file}`, () => {
      assert.ok(
        readFileSync(new URL(`../../packages/server/test/${file}`, import.meta.url), 'utf8').includes(part),
      );
    });
  }
}
