import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { after, test } from 'node:test';
import type { JsonObject } from '@mintaka/contract';
import { type DialectApp, dialectApp } from '@mintaka/testing/dialect-apps';
import { keepReports, makeBlock, makePolicy, runThrough } from '@mintaka/testing/notifying';
import { startReceiver } from '@mintaka/testing/receiver';
import type { Outside } from '../../src/domain/notifications/delivery.ts';
import { sendQueuedNotifications } from '../../src/domain/notifications/send-queued.ts';
import { createLog } from '../../src/log.ts';
import { redactor } from '../../src/redact.ts';
import { notifications } from '../../src/services/notifications.ts';
import { outsideWorld } from '../../src/services/outbound.ts';

/** Part of every secret, and of no message. */
const marker = 'hush';
const secret = (name: string) => `${marker}-${name}-${'0123456789'.slice(0, 8)}`;

/** A peer that answers anything; `heard` is all that it received. */
type Peer = { port: number; close(): Promise<void> };

async function peer(answer: (socket: Socket, heard: string) => void, greeting = ''): Promise<Peer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.write(greeting);
    let heard = '';
    socket.on('error', () => socket.destroy());
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      heard += chunk;
      answer(socket, heard);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return {
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Repeats the whole request, headers and body, and what is encoded in it. */
function echo(status: string) {
  return (socket: Socket, heard: string) => {
    const [head = '', body] = heard.split('\r\n\r\n', 2);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (body === undefined || body.length < length) return;
    const basic = /Basic (\S+)/.exec(head)?.[1] ?? '';
    const text = [
      atob(basic),
      decodeURIComponent(head.replaceAll('%', '%25')),
      safelyDecoded(head),
      body,
    ].join('\n');
    const repeated = text.slice(0, 450);
    socket.end(
      `HTTP/1.1 ${status}\r\ncontent-length: ${Buffer.byteLength(repeated, 'latin1')}\r\n\r\n${repeated}`,
      'latin1',
    );
  };
}

function safelyDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** An SMTP server that repeats each credential and address that it refuses. */
function refusingMail(socket: Socket, heard: string): void {
  const line = heard.trimEnd().split('\r\n').at(-1) ?? '';
  if (/^EHLO/i.test(line)) socket.write('250-mail.test\r\n250 AUTH PLAIN\r\n');
  else if (/^AUTH/i.test(line)) {
    const words = Buffer.from(line.split(' ').at(-1) ?? '', 'base64')
      .toString()
      .split('\0');
    socket.write(`535 5.7.8 not let in: ${line} ${words.join(' ')}\r\n`);
  } else socket.write('221 bye\r\n');
}

/** Blocks of every kind that sends requests, each with its secrets; `at` is the target of those with their own URL. */
function webBlocks(at: (path: string) => string, port: number): [slug: string, data: JsonObject][] {
  const token = secret('token');
  const url = at(`/services/${secret('path')}?key=${secret('query')}`);
  return [
    ['slack-webhook', { url }],
    ['slack-webhook', { url: `slack://${secret('a')}/${secret('b')}/${secret('c')}` }],
    ['ms-teams-webhook', { url }],
    ['ms-teams-webhook', { url: `msteams://team/${secret('b')}/${secret('c')}/${secret('d')}` }],
    ['slack-webhook', { url: url.replace(/^http/, 'json') }],
    ['slack-webhook', { url: at(`/${token}`).replace(/^http/, 'mmost') }],
    ['pager-duty-webhook', { api_key: token, integration_key: secret('routing') }],
    [
      'twilio-sms',
      {
        account_sid: secret('sid'),
        auth_token: token,
        from_phone_number: '18001234567',
        to_phone_numbers: ['18004242424'],
      },
    ],
    ['opsgenie-webhook', { apikey: token, alias: secret('alias') }],
    ['mattermost-webhook', { hostname: '127.0.0.1', port, token }],
    ['webhook', { url, headers: { 'x-token': token, authorization: `Bearer ${secret('bearer')}` } }],
    ['webhook', { url: url.replace('://', `://u:${encodeURIComponent(`${secret('p@ss')}/w`)}@`) }],
    [
      'custom-webhook',
      {
        url,
        json_data: { text: '{{key}}' },
        secrets: { key: secret('inner') },
        cookies: { c: secret('cookie') },
        params: { p: secret('param') },
      },
    ],
    [
      'custom-webhook',
      { url, form_data: { text: '{{key}}' }, secrets: { key: secret('inner form') }, timeout: 5 },
    ],
  ];
}

/** Blocks that send e-mail, each with its secrets. */
function mailBlocks(port: number): [slug: string, data: JsonObject][] {
  const account = {
    username: secret('me'),
    password: secret('mail'),
    from_address: 'a@b.c',
    to_addresses: ['d@e.f'],
  };
  const parameters = `from=a@b.c&to=d@e.f&user=${secret('user')}`;
  return [
    ['email', { smtp_server: '127.0.0.1', smtp_port: port, smtp_type: 'INSECURE', ...account }],
    ['slack-webhook', { url: `mailto://u:${secret('pass')}@127.0.0.1:${port}?${parameters}` }],
  ];
}

/** Blocks that cannot be used, each in another way. */
const broken: [slug: string, data: JsonObject][] = [
  ['webhook', { url: `no url ${secret('a')}` }],
  ['webhook', { url: `${secret('scheme')}:${secret('a')}` }],
  ['slack-webhook', { url: `${secret('scheme')}://${secret('a')}` }],
  ['slack-webhook', { url: `http//${secret('a')}` }],
  ['webhook', { url: 'http://127.0.0.1:9/', headers: { 'x-token': `${secret('a')}\nline` } }],
  ['webhook', { url: 'http://127.0.0.1:9/', headers: { 'x-token': `${secret('a')}€` } }],
  ['webhook', { url: 'http://127.0.0.1:9/', headers: { [`${secret('name')} x`]: secret('a') } }],
  [
    'webhook',
    { url: 'http://127.0.0.1:9/', headers: { 'transfer-encoding': secret('a'), expect: secret('b') } },
  ],
  ['webhook', { url: 'http://127.0.0.1:9/', method: secret('method') }],
  ['webhook', { url: `http://u:${secret('a')}@127.0.0.1:99999/` }],
  ['custom-webhook', { url: `http://[${secret('a')}` }],
  [
    'custom-webhook',
    { url: 'http://127.0.0.1:9/', json_data: {}, form_data: {}, secrets: { a: secret('a') } },
  ],
  [
    'email',
    { smtp_server: '127.0.0.1', smtp_type: secret('type'), from_address: 'a@b', to_addresses: ['c@d'] },
  ],
  [
    'email',
    { smtp_server: '127.0.0.1', smtp_port: secret('port'), from_address: 'a@b', to_addresses: ['c@d'] },
  ],
  [
    'twilio-sms',
    { account_sid: 'a', auth_token: 'b', from_phone_number: secret('number'), to_phone_numbers: [] },
  ],
  ['mattermost-webhook', { hostname: `${secret('host')} x`, token: secret('a') }],
];

/** Redirects requests for services on the internet to a port of this machine, over the protocol of the URL. */
const leadTo =
  (port: number): typeof fetch =>
  (input, init) => {
    const url = new URL(String(input));
    if (url.hostname !== '127.0.0.1') url.protocol = 'http:';
    url.hostname = '127.0.0.1';
    if (url.port === '' || url.port === '443') url.port = String(port);
    return fetch(url, init);
  };

/** Sends to each block, and returns everything that is logged about it, at the most detailed level. */
async function logOf(
  app: DialectApp,
  blocks: [slug: string, data: JsonObject][],
  outside: Outside,
): Promise<string[]> {
  for (const [slug, data] of blocks)
    await makePolicy(app, await makeBlock(app, slug, data), { tags: ['now'] });
  await runThrough(app, { tags: ['now'], states: [{ type: 'FAILED', name: 'Failed' }] });
  const lines: string[] = [];
  const all = Promise.withResolvers<void>();
  const write = (line: string) => {
    lines.push(line);
    if (lines.length === blocks.length) all.resolve();
  };
  const service = notifications(
    app.context,
    createLog('NOTSET', redactor([]), { write }),
    undefined,
    outside,
  );
  service.start();
  await all.promise;
  await service.stop();
  return lines;
}

async function closed(open: Peer): Promise<Peer> {
  await open.close();
  return { port: open.port, close: async () => {} };
}

const failures: [name: string, open: () => Promise<Peer>, scheme: 'http' | 'https'][] = [
  ['no server listens', async () => closed(await peer(() => {})), 'http'],
  ['a service refuses and repeats the request', () => peer(echo('400 Bad Request')), 'http'],
  ['a service breaks down and repeats the request', () => peer(echo('500 Oops')), 'http'],
  ['a service hangs up', () => peer((socket) => socket.destroy()), 'http'],
  [
    'a service speaks no HTTP and repeats the request',
    () => peer((socket, heard) => socket.end(heard)),
    'http',
  ],
  ['a service speaks no TLS', () => peer((socket) => socket.end('hello\r\n')), 'https'],
];

const mailFailures: [name: string, open: () => Promise<Peer>][] = [
  ['no server listens', async () => closed(await peer(() => {}))],
  ['it refuses the account and repeats it', () => peer(refusingMail, '220 mail.test\r\n')],
  ['it closes the connection', () => peer((socket) => socket.destroy(), '220 mail.test\r\n')],
  ['it does not speak SMTP', () => peer(() => {}, 'hello\r\n')],
];

/** Sends to blocks whose service fails, and checks the log. */
async function checkLog(blocks: [slug: string, data: JsonObject][], outside: Outside): Promise<string> {
  const app = await dialectApp('sqlite');
  assert.ok(app);
  const lines = await logOf(app, blocks, outside);
  for (const line of lines) {
    assert.match(line, /could not send a notification/, 'it failed, as it should');
    assert.ok(!line.includes(marker), line);
    for (const text of line.match(/[\w+/]{12,}/g) ?? []) {
      assert.ok(!Buffer.from(text, 'base64').toString().includes(marker), line);
    }
  }
  await app.close();
  return lines.join('');
}

for (const [name, open, scheme] of failures) {
  test(`the log contains no secret of any block if ${name}`, async () => {
    const there = await open();
    after(there.close);
    const blocks = webBlocks((path) => `${scheme}://127.0.0.1:${there.port}${path}`, there.port);
    await checkLog(blocks, outsideWorld(leadTo(there.port)));
  });
}

for (const [name, open] of mailFailures) {
  test(`the log contains no secret of the account at a mail server if ${name}`, async () => {
    const there = await open();
    after(there.close);
    await checkLog(mailBlocks(there.port), outsideWorld());
  });
}

test('the log contains no secret of an unusable block, and gives the reason', async () => {
  const text = await checkLog(broken, outsideWorld());
  assert.match(text, /a header has an invalid name or value/);
  assert.match(text, /the block has no valid URL/);
});

test('a service gets the user and the password in the URL of its block', async () => {
  const app = await dialectApp('sqlite');
  assert.ok(app);
  const receiver = await startReceiver();
  const url = receiver.url.replace('://', '://me:p%40ss@');
  await makePolicy(app, await makeBlock(app, 'webhook', { url }));
  await runThrough(app, { states: [{ type: 'FAILED', name: 'Failed' }] });
  await sendQueuedNotifications(app.context, { outside: outsideWorld(), report: keepReports() });
  assert.equal(receiver.received[0]?.headers.authorization, `Basic ${btoa('me:p@ss')}`);
  await receiver.close();
  await app.close();
});
