import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '@mintaka/contract';
import { type DialectApp, dialectApp, dialects } from '@mintaka/testing/dialect-apps';
import { startMailReceiver } from '@mintaka/testing/mail-receiver';
import { handClock, keepReports, makeBlock, makePolicy, runThrough } from '@mintaka/testing/notifying';
import { type Receiver, startReceiver } from '@mintaka/testing/receiver';
import { systemClock } from '../../../src/clock.ts';
import type { Context } from '../../../src/domain/context.ts';
import { sendQueuedNotifications } from '../../../src/domain/notifications/send-queued.ts';
import { outsideWorld } from '../../../src/services/outbound.ts';

const failed = { type: 'FAILED', name: 'Failed' };

/** Redirects every request to a receiver, whatever its host. */
const leadTo =
  (receiver: Receiver): typeof fetch =>
  (input, init) => {
    const { pathname, search } = new URL(String(input));
    return fetch(`${receiver.url}${pathname}${search}`, init);
  };

function queued(context: Context) {
  return context.database.read((session) =>
    session.all(session.sql.selectFrom('flow_run_notification_queue').selectAll().orderBy('updated')),
  );
}

for (const dialect of dialects) {
  const withApp = (name: string, body: (app: DialectApp, receive: typeof startReceiver) => Promise<void>) =>
    test(`${dialect}: ${name}`, async (context) => {
      const app = await dialectApp(dialect);
      if (app === undefined) return context.skip('no Postgres here');
      const receivers: Receiver[] = [];
      const receive: typeof startReceiver = async (status) => {
        const receiver = await startReceiver(status);
        receivers.push(receiver);
        return receiver;
      };
      await body(app, receive).finally(async () => {
        for (const receiver of receivers) await receiver.close();
        await app.close();
      });
    });

  withApp('every kind of block delivers its message over the network, once', async (app, receive) => {
    const receiver = await receive();
    const mail = await startMailReceiver();
    const at = (path: string) => `${receiver.url}/${path}`;
    const { host } = new URL(receiver.url);
    const blocks: [slug: string, data: JsonObject, path: string][] = [
      ['slack-webhook', { url: at('slack') }, '/slack'],
      ['slack-webhook', { url: `json://${host}/apprise` }, '/apprise'],
      ['ms-teams-webhook', { url: at('teams') }, '/teams'],
      ['pager-duty-webhook', { api_key: 'a', integration_key: 'i' }, '/v2/enqueue'],
      [
        'twilio-sms',
        {
          account_sid: 'AC1',
          auth_token: 't',
          from_phone_number: '18001234567',
          to_phone_numbers: ['18004242424'],
        },
        '/2010-04-01/Accounts/AC1/Messages.json',
      ],
      ['opsgenie-webhook', { apikey: 'k' }, '/v2/alerts'],
      [
        'mattermost-webhook',
        { hostname: '127.0.0.1', port: Number(new URL(receiver.url).port), token: 'm' },
        '/hooks/m',
      ],
      ['webhook', { url: at('plain'), headers: { 'X-Token': 's' } }, '/plain'],
      ['custom-webhook', { url: at('custom'), json_data: { text: '{{body}}' } }, '/custom'],
    ];
    for (const [slug, data] of blocks) await makePolicy(app, await makeBlock(app, slug, data));
    const mailing = { smtp_server: '127.0.0.1', smtp_port: mail.port, smtp_type: 'INSECURE' };
    const addresses = { from_address: 'a@example.com', to_addresses: ['b@example.com'] };
    const account = { username: 'me', password: 'p' };
    await makePolicy(app, await makeBlock(app, 'email', { ...mailing, ...addresses, ...account }));
    const run = await runThrough(app, { name: 'überlauf', states: [failed] });

    const report = keepReports();
    await sendQueuedNotifications(app.context, { outside: outsideWorld(leadTo(receiver)), report });

    assert.deepEqual(
      report.lines,
      Array.from({ length: blocks.length + 1 }, () => 'sent'),
    );
    assert.deepEqual(
      receiver.received.map(({ url }) => url).toSorted(),
      blocks.map(([, , path]) => path).toSorted(),
    );
    for (const { body, url } of receiver.received) {
      assert.match(
        decodeURIComponent(body.replaceAll('+', ' ')),
        /Flow run told\/überlauf entered state `Failed`/,
        url,
      );
    }
    assert.equal(receiver.received.find(({ url }) => url === '/plain')?.headers['x-token'], 's');
    assert.deepEqual(mail.commands.slice(1, 4), [
      `AUTH PLAIN ${btoa('\0me\0p')}`,
      'MAIL FROM:<a@example.com>',
      'RCPT TO:<b@example.com>',
    ]);
    assert.match(mail.mails[0] ?? '', /Subject: Prefect flow run notification/);
    assert.ok(mail.mails[0]?.replaceAll('=\n', '').includes(run), 'the mail contains the name of the run');
    assert.deepEqual(await queued(app.context), []);
    await mail.close();
  });

  withApp('those for one block arrive in the order of the states', async (app, receive) => {
    const receiver = await receive();
    const block = await makeBlock(app, 'webhook', { url: receiver.url });
    await makePolicy(app, block, { message_template: '{flow_run_state_name}' });
    const names = Array.from({ length: 12 }, (_, number) => `State ${number}`);
    await runThrough(app, { states: names.map((name) => ({ type: 'RUNNING', name })) });
    await sendQueuedNotifications(app.context, { outside: outsideWorld(), report: keepReports() });
    assert.deepEqual(
      receiver.received.map(({ body }) => JSON.parse(body).body),
      names,
    );
  });

  withApp(
    'an unsent message is retried with doubling delays, and abandoned after an hour',
    async (app, receive) => {
      let status = 400;
      const receiver = await receive(() => status);
      const block = await makeBlock(app, 'webhook', { url: receiver.url });
      await makePolicy(app, block, {
        message_template: '{flow_run_state_name}',
        state_names: ['Failed', 'Crashed'],
      });
      await runThrough(app, { states: [failed] });
      const clock = handClock(systemClock.now());
      const report = keepReports();
      const context = { ...app.context, clock };
      const round = () => sendQueuedNotifications(context, { outside: outsideWorld(), report });

      for (const wait of [0, 9, 1, 9, 1, 20, 40]) {
        clock.turn(wait);
        await round();
      }
      assert.deepEqual(report.waits, [10, 10, 20, 40, 80], 'only when it is due');
      assert.match(report.lines[0] ?? '', /failed: 127\.0\.0\.1:\d+ answered 400: seen/);
      status = 200;
      clock.turn(80);
      await round();
      assert.equal(report.lines.at(-1), 'sent');
      assert.deepEqual(await queued(context), []);

      status = 500;
      await runThrough(app, { states: [{ type: 'CRASHED', name: 'Crashed' }] });
      for (let tries = 0; tries < 20; tries++) {
        await round();
        clock.turn(report.waits.at(-1) ?? 0);
      }
      const [last, ...others] = report.lines.filter((line) => line.startsWith('given up'));
      assert.match(last ?? '', /answered 500/);
      assert.deepEqual(others, []);
      assert.deepEqual(await queued(context), []);
    },
  );

  withApp(
    'if a service does not respond, the other messages for that block wait, and other blocks continue',
    async (app, receive) => {
      const dead = await receive();
      await dead.close();
      const receiver = await receive();
      await makePolicy(app, await makeBlock(app, 'webhook', { url: dead.url }));
      await makePolicy(app, await makeBlock(app, 'webhook', { url: receiver.url }));
      await runThrough(app, { states: [failed, failed, failed] });
      const report = keepReports();
      await sendQueuedNotifications(app.context, { outside: outsideWorld(), report });
      assert.deepEqual(report.lines.filter((line) => line === 'sent').length, 3);
      assert.equal(
        report.lines.filter((line) => line.startsWith('failed')).length,
        1,
        'one try tells it all',
      );
      assert.match(report.lines.join(), /ECONNREFUSED/);
      assert.equal((await queued(app.context)).length, 3, 'none of them is lost');
    },
  );

  withApp(
    'messages of a dead server are sent by another one when the lease has ended',
    async (app, receive) => {
      const receiver = await receive();
      await makePolicy(app, await makeBlock(app, 'webhook', { url: receiver.url }));
      await runThrough(app, { states: [failed] });
      const clock = handClock(systemClock.now());
      const context = { ...app.context, clock };
      let reached = () => {};
      const arrived = new Promise<void>((resolve) => {
        reached = resolve;
      });
      const dying = {
        request: () => {
          reached();
          return new Promise<never>(() => {});
        },
        mail: () => Promise.reject(new Error('none')),
      };
      void sendQueuedNotifications(context, { outside: dying, report: keepReports() });
      await arrived;
      const round = () =>
        sendQueuedNotifications(context, { outside: outsideWorld(), report: keepReports() });
      await round();
      assert.equal(receiver.received.length, 0, 'it is another server’s');
      clock.turn(181);
      await round();
      assert.equal(receiver.received.length, 1);
    },
  );

  withApp(
    'messages of a deleted run or policy are removed from the queue and not sent',
    async (app, receive) => {
      const receiver = await receive();
      const block = await makeBlock(app, 'webhook', { url: receiver.url });
      const policy = await makePolicy(app, block, { tags: ['one'] });
      await makePolicy(app, block, { tags: ['two'] });
      await runThrough(app, { tags: ['one'], states: [failed] });
      const run = await runThrough(app, { tags: ['two'], states: [failed] });
      await app.send('DELETE', `/api/flow_run_notification_policies/${policy}`);
      await app.send('DELETE', `/api/flow_runs/${run}`);
      await runThrough(app, { tags: ['two'], states: [failed] });
      await sendQueuedNotifications(app.context, { outside: outsideWorld(), report: keepReports() });
      assert.equal(receiver.received.length, 1);
      assert.deepEqual(await queued(app.context), []);
    },
  );

  withApp('a stopping server sends no further message and returns those it took', async (app, receive) => {
    const receiver = await receive();
    await makePolicy(app, await makeBlock(app, 'webhook', { url: receiver.url }));
    await runThrough(app, { states: [failed, failed, failed] });
    const parts = { outside: outsideWorld(), report: keepReports() };
    await sendQueuedNotifications(app.context, {
      ...parts,
      isStopping: () => receiver.received.length > 0,
    });
    assert.equal(receiver.received.length, 1);
    await sendQueuedNotifications(app.context, parts);
    assert.equal(receiver.received.length, 3, 'and another one takes them immediately');
  });

  withApp(
    'if one of several phone numbers fails, the others get no second message, and the failure is logged',
    async (app, receive) => {
      const receiver = await receive(({ body }) => (body.includes('9999') ? 400 : 201));
      const numbers = ['18004242424', '18004249999'];
      const sender = { account_sid: 'AC1', auth_token: 't', from_phone_number: '18001234567' };
      await makePolicy(app, await makeBlock(app, 'twilio-sms', { ...sender, to_phone_numbers: numbers }));
      await runThrough(app, { states: [failed] });
      const report = keepReports();
      await sendQueuedNotifications(app.context, { outside: outsideWorld(leadTo(receiver)), report });
      assert.equal(receiver.received.length, 2);
      assert.match(report.lines[0] ?? '', /partly failed: api\.twilio\.com answered 400/);
      assert.deepEqual(await queued(app.context), []);
    },
  );

  withApp('an unusable block is logged, and its messages are kept for an hour', async (app) => {
    await makePolicy(app, await makeBlock(app, 's3', { bucket: 'b' }));
    await runThrough(app, { states: [failed] });
    const report = keepReports();
    await sendQueuedNotifications(app.context, { outside: outsideWorld(), report });
    assert.match(report.lines[0] ?? '', /failed: blocks of type s3 cannot send notifications/);
    assert.equal((await queued(app.context)).length, 1);
  });

  const storeTemplate = (app: DialectApp, policy: string, message_template: string) =>
    app.context.database.transaction((session) =>
      session.run(
        session.sql
          .updateTable('flow_run_notification_policy')
          .set({ message_template })
          .where('id', '=', policy),
      ),
    );

  withApp(
    'a stored template that cannot be rendered is logged and dropped, and later messages are sent',
    async (app, receive) => {
      const receiver = await receive();
      const block = await makeBlock(app, 'webhook', { url: receiver.url });
      const templates = [
        '{flow_name:>500000000}',
        '{nope}',
        '{',
        '{flow_id:>5}',
        '{flow_name:d}',
        'x'.repeat(100_001),
      ];
      for (const template of templates) await storeTemplate(app, await makePolicy(app, block), template);
      await makePolicy(app, block, { message_template: 'good' });
      await runThrough(app, { states: [failed] });
      const report = keepReports();
      await sendQueuedNotifications(app.context, { outside: outsideWorld(), report });
      assert.deepEqual(await queued(app.context), []);
      assert.deepEqual(report.lines.filter((line) => line === 'sent').length, 1);
      const dropped = report.lines.filter((line) => line.startsWith('given up: cannot render the message: '));
      assert.equal(dropped.length, templates.length);
      assert.match(dropped.join(), /the width must be at most 100000: \{flow_name:>500000000\}/);
      assert.equal(receiver.received.length, 1);
    },
  );

  withApp(
    'a message with large values is truncated, and parameters that are too large are not read',
    async (app, receive) => {
      const receiver = await receive();
      const block = await makeBlock(app, 'webhook', { url: receiver.url });
      await makePolicy(app, block, { message_template: '{flow_run_parameters}' });
      const flow = (await app.send('POST', '/api/flows/', { name: 'told' })).body.id;
      const runWith = (size: number) =>
        app.send('POST', '/api/flow_runs/', {
          flow_id: flow,
          parameters: { a: 1, b: 'x'.repeat(size) },
          state: { ...failed, message: 'm'.repeat(size) },
        });
      for (const size of [3, 300_000, 1_500_000]) await runWith(size);
      await sendQueuedNotifications(app.context, { outside: outsideWorld(), report: keepReports() });
      await makePolicy(app, await makeBlock(app, 'webhook', { url: `${receiver.url}/second` }), {
        message_template: '{flow_run_state_message:.3} {flow_run_state_message}',
      });
      await runWith(1_500_000);
      await sendQueuedNotifications(app.context, { outside: outsideWorld(), report: keepReports() });
      const bodies = receiver.received.map(({ body, url }) => [url, JSON.parse(body).body]);
      assert.deepEqual(bodies[0], ['/', "{'a': 1, 'b': 'xxx'}"]);
      assert.match(bodies[1]?.[1], /^\{'a': 1, 'b': 'x+\n\[cut at 100000 characters\]$/);
      assert.deepEqual(bodies[2], ['/', '(too large to be shown)']);
      const message = bodies.find(([url]) => url === '/second')?.[1];
      assert.match(message, /^mmm m+\n\[cut at 100000 characters\]$/);
      for (const [, body] of bodies) assert.ok(body.length <= 100_000);
    },
  );

  withApp('a block can neither inflate its request nor have too many recipients', async (app, receive) => {
    const receiver = await receive();
    const blown = { url: receiver.url, json_data: { text: '{{body}}'.repeat(10_000) } };
    await makePolicy(app, await makeBlock(app, 'custom-webhook', blown), {
      message_template: 'x'.repeat(5000),
    });
    const numbers = Array.from({ length: 501 }, (_, number) => `1800${1_000_000 + number}`);
    const twilio = {
      account_sid: 'AC1',
      auth_token: 't',
      from_phone_number: '18001234567',
      to_phone_numbers: numbers,
    };
    await makePolicy(app, await makeBlock(app, 'twilio-sms', twilio));
    await runThrough(app, { states: [failed] });
    const report = keepReports();
    await sendQueuedNotifications(app.context, { outside: outsideWorld(leadTo(receiver)), report });
    assert.deepEqual(report.lines.toSorted(), [
      'failed: the request has more than 1000000 characters',
      'given up: a notification takes at most 500 requests, not 501',
    ]);
    assert.equal(receiver.received.length, 0);
  });
}
