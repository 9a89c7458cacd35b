import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '@mintaka/contract';
import { isLinear } from '@mintaka/testing/linear';
import { fieldsOf, UnusableBlockError } from '../../../src/domain/notifications/block-fields.ts';
import type { Delivery, HttpDelivery } from '../../../src/domain/notifications/delivery.ts';
import { senderFor } from '../../../src/domain/notifications/senders/index.ts';
import recorded from './recorded-deliveries.json' with { type: 'json' };

const message = { subject: recorded.subject, body: recorded.body };

function deliveriesOf(slug: string, data: JsonObject): Delivery[] {
  return senderFor(slug)({ fields: fieldsOf(data), message, seconds: 1234.5 });
}

function onlyHttp(deliveries: readonly Delivery[]): HttpDelivery[] {
  return deliveries.flatMap((delivery) => (delivery.kind === 'http' ? [delivery] : []));
}

/** In the form of the recording: without the time, with forms as objects. */
function comparable({ method, url, headers, body }: HttpDelivery) {
  const isForm = headers['content-type'] === 'application/x-www-form-urlencoded';
  const { 'content-type': _, ...others } = headers;
  const parsed = isForm ? Object.fromEntries(new URLSearchParams(body)) : JSON.parse(body ?? '');
  for (const attachment of parsed.attachments ?? []) delete attachment.ts;
  return { method, url, headers: isForm ? others : headers, body: parsed };
}

/** The order of several deliveries is that of a Python set, so it is undefined. */
function inAnyOrder(deliveries: readonly object[]): object[] {
  return deliveries.toSorted((a, b) => (JSON.stringify(sorted(a)) < JSON.stringify(sorted(b)) ? -1 : 1));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]) => [key, sorted(item)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

for (const { name, slug, data, deliveries } of recorded.cases) {
  test(`${slug} (${name}): each request is the same as that of Prefect's block`, () => {
    const made = onlyHttp(deliveriesOf(slug, data)).map(comparable);
    assert.deepEqual(inAnyOrder(made), inAnyOrder(deliveries));
  });
}

test('twilio-sms: each phone number gets a request, in any format; invalid numbers are skipped', () => {
  const data = { account_sid: 'AC1', auth_token: 't', from_phone_number: '12345' };
  const made = onlyHttp(
    deliveriesOf('twilio-sms', {
      ...data,
      to_phone_numbers: ['18004242424,18004242429', '+1 (800) 424-2525', 'bad'],
    }),
  );
  assert.deepEqual(
    made.map((delivery) => new URLSearchParams(delivery.body).get('To')),
    ['+18004242424', '+18004242429', '+18004242525'],
  );
  const nobody = { ...data, to_phone_numbers: [] };
  assert.throws(() => deliveriesOf('twilio-sms', nobody), UnusableBlockError);
  assert.throws(
    () => deliveriesOf('twilio-sms', { ...nobody, from_phone_number: '1800' }),
    UnusableBlockError,
  );
});

test("webhook blocks send their own payload to any web address, not only to the service's", () => {
  const [slack] = onlyHttp(deliveriesOf('slack-webhook', { url: 'http://127.0.0.1:9/hook?x=1' }));
  assert.equal(slack?.url, 'http://127.0.0.1:9/hook?x=1');
  assert.equal(JSON.parse(slack?.body ?? '').attachments[0].title, message.subject);
  const [teams] = onlyHttp(deliveriesOf('ms-teams-webhook', { url: 'https://example.com/hook' }));
  assert.equal(JSON.parse(teams?.body ?? '').sections[0].activityTitle, message.subject);
});

test("mattermost-webhook: every channel gets the message under the bot's name", () => {
  const made = onlyHttp(
    deliveriesOf('mattermost-webhook', {
      hostname: 'chat.example.com',
      token: 'secret',
      botname: 'robot',
      channels: ['#one', 'two'],
      path: '/below',
    }),
  );
  assert.deepEqual(
    made.map((delivery) => delivery.url),
    Array.from({ length: 2 }, () => 'http://chat.example.com:8065/below/hooks/secret'),
  );
  const bodies = made.map((delivery) => JSON.parse(delivery.body ?? ''));
  assert.deepEqual(
    bodies.map(({ channel, username }) => [channel, username]),
    [
      ['one', 'robot'],
      ['two', 'robot'],
    ],
  );
});

test('webhook: subject and body are sent as JSON with the headers of the block', () => {
  const data = { url: 'http://127.0.0.1:9/', method: 'PUT', headers: { Authorization: 'Bearer x' } };
  const [made] = onlyHttp(deliveriesOf('webhook', data));
  assert.equal(made?.method, 'PUT');
  assert.equal(made?.headers.authorization, 'Bearer x');
  assert.deepEqual(JSON.parse(made?.body ?? ''), message);
});

test('custom-webhook: placeholders are replaced with message and secrets, everywhere and at any depth', () => {
  const [made] = onlyHttp(
    deliveriesOf('custom-webhook', {
      name: 'mine',
      url: 'http://127.0.0.1:9/{{ token }}',
      params: { from: '{{name}}' },
      json_data: { text: '{{subject}}', deep: [{ n: 1, body: '{{ body }}', unknown: '{{other}}' }] },
      headers: { 'X-Token': '{{token}}' },
      cookies: { a: 'b' },
      secrets: { token: 'abc' },
      timeout: 3,
    }),
  );
  assert.equal(made?.url, 'http://127.0.0.1:9/abc?from=mine');
  assert.equal(made?.headers['x-token'], 'abc');
  assert.equal(made?.headers.cookie, 'a=b');
  assert.equal(made?.timeout, 3);
  assert.deepEqual(JSON.parse(made?.body ?? ''), {
    text: message.subject,
    deep: [{ n: 1, body: message.body, unknown: '{{other}}' }],
  });
  const [form] = onlyHttp(
    deliveriesOf('custom-webhook', { url: 'http://127.0.0.1:9/', form_data: { text: '{{subject}}' } }),
  );
  assert.equal(new URLSearchParams(form?.body).get('text'), message.subject);
});

test('email: the block defines the server, the security, the sender and the recipients', () => {
  const data = { smtp_server: 'mail.example.com', username: 'me@example.com', password: 'p' };
  const [mail] = deliveriesOf('email', {
    ...data,
    smtp_type: 'STARTTLS',
    to_addresses: ['a@example.com, b@example.com'],
  });
  assert.equal(mail?.kind, 'mail');
  if (mail?.kind !== 'mail') return;
  assert.deepEqual(mail.to, ['a@example.com', 'b@example.com']);
  assert.equal(mail.from, 'me@example.com');
  assert.deepEqual(
    { port: mail.server.port, security: mail.server.security, verify: mail.server.verify },
    { port: 587, security: 'starttls', verify: true },
  );
  assert.throws(() => deliveriesOf('email', data), UnusableBlockError);
});

test('mailto URLs of Apprise become e-mail: name, password, sender and recipients are in the URL', () => {
  const url = 'mailtos://user:p%40ss@example.com?from=me@x.org&to=you@y.org,z@y.org&smtp=smtp.example.com';
  const [mail] = deliveriesOf('slack-webhook', { url });
  if (mail?.kind !== 'mail') assert.fail('no e-mail');
  assert.deepEqual([mail.from, ...mail.to], ['me@x.org', 'you@y.org', 'z@y.org']);
  assert.deepEqual(
    { host: mail.server.host, user: mail.server.user, password: mail.server.password },
    { host: 'smtp.example.com', user: 'user', password: 'p@ss' },
  );
});

test('blocks that cannot send are refused with a reason', () => {
  for (const [slug, data] of [
    ['slack-webhook', {}],
    ['slack-webhook', { url: 'no url' }],
    ['slack-webhook', { url: 'ftp://example.com' }],
    ['slack-webhook', { url: 'slack://onlyone' }],
    ['pager-duty-webhook', { api_key: 'a' }],
    ['opsgenie-webhook', {}],
    ['mattermost-webhook', { hostname: 'x' }],
    ['custom-webhook', { url: 'http://x', method: 'EAT' }],
    ['s3', {}],
  ] as const) {
    assert.throws(() => deliveriesOf(slug, data), UnusableBlockError, slug);
  }
});

test('every sender takes linear time in its message', () => {
  const blocks: [slug: string, data: JsonObject][] = [
    ['slack-webhook', { url: 'https://hooks.example/x' }],
    ['ms-teams-webhook', { url: 'https://hooks.example/x' }],
    ['pager-duty-webhook', { api_key: 'a', integration_key: 'i' }],
    ['opsgenie-webhook', { apikey: 'k' }],
    ['mattermost-webhook', { hostname: 'h', token: 'm' }],
    ['webhook', { url: 'https://hooks.example/x' }],
    ['custom-webhook', { url: 'https://hooks.example/x', json_data: { text: '{{body}}' } }],
    ['email', { smtp_server: 's', from_address: 'a@b', to_addresses: ['c@d'] }],
  ];
  const hostile: ((size: number) => string)[] = [
    (size) => ' '.repeat(size),
    (size) => `x${' '.repeat(size)}x`,
    (size) => `x${'\t'.repeat(size)}x`,
    (size) => 'http://'.repeat(size / 7),
    (size) => 'http://a|'.repeat(size / 9),
    (size) => 'http://a|b &gt'.repeat(size / 14),
    (size) => `http://${'a'.repeat(size)}`,
    (size) => `http://a|${'b'.repeat(size)}`,
    (size) => '<'.repeat(size),
    (size) => '{{'.repeat(size / 2),
    (size) => `{{${' '.repeat(size)}`,
  ];
  for (const [slug, data] of blocks) {
    for (const make of hostile) {
      const send = (size: number) =>
        senderFor(slug)({ fields: fieldsOf(data), message: { ...message, body: make(size) }, seconds: 1 });
      assert.ok(isLinear(send, 25_000), `${slug}: ${make(30)}`);
    }
  }
});

test('mattermost: redundant slashes in a path are removed', () => {
  const urlWith = (path: string) =>
    onlyHttp(deliveriesOf('mattermost-webhook', { hostname: 'h', token: 'm', path }))[0]?.url;
  assert.equal(urlWith('//team//'), 'http://h:8065/team/hooks/m');
  assert.equal(urlWith('/'), 'http://h:8065/hooks/m');
});
