import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type DialectApp, dialectApp, dialects } from '@mintaka/testing/dialect-apps';

const nested = (depth: number, leaf = '1.5') => `${'{"a": '.repeat(depth)}${leaf}${'}'.repeat(depth)}`;

for (const dialect of dialects) {
  describe(`everything stored can be read, on ${dialect}`, () => {
    let app: DialectApp | undefined;
    let flow: string;
    before(async () => {
      app = await dialectApp(dialect, { MINTAKA_API_BODY_DEPTH: '2000', MINTAKA_API_BODY_VALUES: '50000' });
      if (app !== undefined) flow = (await app.send('POST', '/api/flows/', { name: 'stored' })).body.id;
    });
    after(() => app?.close());

    /** Sends a raw text; returns the status and the text of the answer. */
    async function send(method: 'POST' | 'PATCH' | 'PUT' | 'GET', url: string, payload?: string) {
      assert.ok(app !== undefined);
      const headers = { 'content-type': 'application/json' };
      const answer = await app.app.inject({
        method,
        url: `/api${url}`,
        headers,
        ...(payload === undefined ? {} : { payload }),
      });
      return { status: answer.statusCode, text: answer.body };
    }

    const idIn = (text: string) => /"id":"([^"]+)"/.exec(text)?.[1] ?? '';

    /** Free JSON is returned as the database writes it. */
    const dense = (text: string) => text.replaceAll(' ', '');

    /** Reads all that shows runs. */
    async function assertListed(marked: string): Promise<void> {
      const list = await send('POST', '/flow_runs/filter', '{}');
      assert.equal(list.status, 200);
      assert.ok(dense(list.text).includes(dense(marked)));
      const history = `{"history_start":"2020-01-01T00:00:00Z","history_end":"2040-01-01T00:00:00Z","history_interval_seconds":864000000}`;
      for (const [url, body] of [
        ['/flow_runs/count', '{}'],
        ['/flow_runs/history', history],
        ['/ui/flow_runs/history', '{}'],
      ] as const) {
        assert.equal((await send('POST', url, body)).status, 200);
      }
    }

    test('numbers of a policy that JSON cannot represent are refused', async (t) => {
      if (app === undefined) return t.skip('Postgres is not installed');
      const id = idIn((await send('POST', '/flow_runs/', `{"flow_id":"${flow}"}`)).text);
      for (const number of ['1e400', '-1e400', '1e131071', '"inf"', '"nan"', '"1e400"']) {
        for (const field of ['retry_delay_seconds', 'retries', 'retry_delay', 'max_retries']) {
          const policy = `{"empirical_policy":{"${field}":${number}}}`;
          const { status, text } = await send('PATCH', `/flow_runs/${id}`, policy);
          assert.equal(status, 422, `${policy}: ${text}`);
        }
      }
      assert.equal(
        (await send('PATCH', `/flow_runs/${id}`, '{"empirical_policy":{"retry_delay_seconds":1e308}}'))
          .status,
        204,
      );
      assert.equal((await send('GET', `/flow_runs/${id}`)).status, 200);
    });

    test('free JSON up to the maximum depth is stored and read by every operation, deeper is 400 and not stored', async (t) => {
      if (app === undefined) return t.skip('Postgres is not installed');
      const most = app.context.settings.bodyLimits.depth;
      const type = idIn((await send('POST', '/block_types/', '{"name":"Deep","slug":"deep"}')).text);
      const schema = idIn(
        (
          await send(
            'POST',
            '/block_schemas/',
            `{"block_type_id":"${type}","fields":{"title":"D","type":"object","properties":{},"secret_fields":["x.*"]}}`,
          )
        ).text,
      );
      const run = idIn((await send('POST', '/flow_runs/', `{"flow_id":"${flow}"}`)).text);
      await send('POST', '/work_pools/', '{"name":"deep","type":"process"}');
      const bodies: [
        method: 'POST' | 'PATCH' | 'PUT',
        url: string,
        around: (json: string) => string,
        outside: number,
      ][] = [
        ['POST', '/flow_runs/', (json) => `{"flow_id":"${flow}","parameters":${json}}`, 1],
        ['PATCH', `/flow_runs/${run}`, (json) => `{"parameters":${json}}`, 1],
        [
          'POST',
          '/flow_runs/',
          (json) => `{"flow_id":"${flow}","context":${json},"state":{"type":"RUNNING","data":${json}}}`,
          2,
        ],
        [
          'POST',
          `/flow_runs/${run}/set_state`,
          (json) => `{"state":{"type":"FAILED","data":${json}},"force":true}`,
          2,
        ],
        [
          'POST',
          '/deployments/',
          (json) =>
            `{"name":"deep","flow_id":"${flow}","parameters":${json},"infra_overrides":${json},"parameter_openapi_schema":${json}}`,
          1,
        ],
        [
          'POST',
          '/block_documents/',
          (json) =>
            `{"name":"deep","block_type_id":"${type}","block_schema_id":"${schema}","data":{"x":${json},"y":${json}}}`,
          2,
        ],
        [
          'PUT',
          '/saved_searches/',
          (json) =>
            `{"name":"deep","filters":[{"object":"a","property":"b","type":"c","operation":"d","value":${json}}]}`,
          3,
        ],
      ];
      for (const [method, url, around, outside] of bodies) {
        const fits = await send(method, url, around(nested(most - outside)));
        assert.ok(fits.status < 300, `${url}: ${fits.status} ${fits.text.slice(0, 200)}`);
        const deeper = await send(method, url, around(nested(most - outside + 1)));
        assert.deepEqual(deeper, { status: 400, text: '{"detail":"There was an error parsing the body"}' });
      }
      const deep = dense(nested(most - 1));
      await assertListed(deep);
      for (const url of ['/block_documents/filter', '/deployments/filter', '/saved_searches/filter']) {
        const list = await send('POST', url, '{"include_secrets":true}');
        assert.deepEqual([list.status, dense(list.text).includes(dense(nested(most - 3)))], [200, true], url);
      }
      assert.equal((await send('POST', '/block_documents/filter', '{}')).status, 200);
      const { body } = await app.send('POST', '/api/deployments/filter', {});
      const scheduled = await send('POST', `/deployments/${body[0].id}/create_flow_run`, '{}');
      assert.ok(dense(scheduled.text).includes(deep));
    });

    test('rows of other servers are read with the rest of their page, at any depth', async (t) => {
      if (app === undefined) return t.skip('Postgres is not installed');
      const { body } = await app.send('POST', '/api/flow_runs/', { flow_id: flow });
      const parameters = nested(5000);
      await app.context.database.transaction((session) =>
        session.run(session.sql.updateTable('flow_run').set({ parameters }).where('id', '=', body.id)),
      );
      await assertListed(parameters);
      assert.ok(dense((await send('GET', `/flow_runs/${body.id}`)).text).includes(dense(parameters)));
    });

    test('numbers beyond the range of a double are stored as null, and rows of other servers with such numbers can be read', async (t) => {
      if (app === undefined) return t.skip('Postgres is not installed');
      const { text } = await send(
        'POST',
        '/flow_runs/',
        `{"flow_id":"${flow}","parameters":{"huge":[1e400,-1e131071,${'9'.repeat(400)},1e-400]}}`,
      );
      assert.match(dense(text), /"huge":\[null,null,null,0(?:\.0)?\]/);
      const id = idIn(text);
      await app.context.database.transaction((session) =>
        session.run(
          session.sql
            .updateTable('flow_run')
            .set({ parameters: '{"theirs": [1e5000, 1]}' })
            .where('id', '=', id),
        ),
      );
      await assertListed('"theirs":[1');
    });

    test('numbers that would be much longer when written out are refused', async (t) => {
      if (app === undefined) return t.skip('Postgres is not installed');
      const many = (count: number) => `{"flow_id":"${flow}","parameters":{"a":[${'1e300,'.repeat(count)}0]}}`;
      assert.equal((await send('POST', '/flow_runs/', many(3000))).status, 201);
      const refused = await send('POST', '/flow_runs/', many(10_000));
      assert.deepEqual([refused.status, /exponents/.test(refused.text)], [413, true]);
    });

    test('the number of values of a body may reach the limit', async (t) => {
      if (app === undefined) return t.skip('Postgres is not installed');
      const list = (count: number) => `{"flow_id":"${flow}","parameters":{"a":[${'1,'.repeat(count)}1]}}`;
      assert.equal((await send('POST', '/flow_runs/', list(49_990))).status, 201);
      const refused = await send('POST', '/flow_runs/', list(50_000));
      assert.deepEqual(refused, {
        status: 413,
        text: '{"detail":"The body has more than 50000 values. MINTAKA_API_BODY_VALUES sets this limit."}',
      });
    });
  });
}
