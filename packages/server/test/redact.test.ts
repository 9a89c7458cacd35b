import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLinear } from '@mintaka/testing/linear';
import fc from 'fast-check';
import { createLog } from '../src/log.ts';
import { loggedError, redactor, redactUrls } from '../src/redact.ts';

const urls: [url: string, shown: string][] = [
  ['https://user:hush@host.example:99/path/to', 'https://host.example:99/path/to'],
  ['https://hush@host/path', 'https://host/path'],
  ['http://host?token=hush', 'http://host'],
  ['http://host/a?b=hush#hush', 'http://host/a'],
  ['http://host/#hush', 'http://host/'],
  ['http://[::1]:99/a', 'http://[::1]:99/a'],
  ['http://u:hush@[::1]:99/a', 'http://[::1]:99/a'],
  ['postgresql+asyncpg://u:hu/sh@h/d', 'postgresql+asyncpg://h/d'],
  ['postgresql://u:a@hush@h/d', 'postgresql://h/d'],
  ['postgresql://u:1234/hush@h/d', 'postgresql://h/d'],
  ['postgresql://u:hush?x@h/d', 'postgresql://***'],
  ['postgresql://u:1234?hush@h/d', 'postgresql://***'],
  ['postgresql://u:hush', 'postgresql://***'],
  ['sqlite:////var/lib/a.db', 'sqlite:////var/lib/a.db'],
  ['file:///app/node_modules/@mintaka/x.ts:1:2', 'file:///app/node_modules/@mintaka/x.ts:1:2'],
  ['http://host/path', 'http://host/path'],
];

test('a URL is logged without its user, password, query and fragment, and stays readable', () => {
  for (const [url, shown] of urls) {
    assert.equal(redactUrls(url), shown);
    assert.equal(redactUrls(`cannot reach "${url}" (${url}) or ${url} now`).includes('hush'), false, url);
    assert.equal(redactUrls(`(see '${url}')`).startsWith(`(see '${shown}`), true, url);
  }
});

test('a secret is hidden in every form in which it can appear in a message', () => {
  const password = 'p@ss "w/ö\\rd';
  const redact = redactor([password]);
  const forms = [
    password,
    encodeURIComponent(password),
    encodeURIComponent(password).toLowerCase(),
    new URLSearchParams({ a: password }).toString().slice(2),
    JSON.stringify(password).slice(1, -1),
    Buffer.from(password).toString('base64'),
  ];
  for (const form of forms) {
    const shown = redact(`before ${form} after`);
    assert.equal(shown, 'before *** after', form);
  }
});

test('a short secret does not hide parts of words', () => {
  const redact = redactor(['post', 'ab', '']);
  assert.equal(redact('postgres has post (post) ab'), 'postgres has *** (***) ab');
});

test('no secret of three characters or more is ever in a redacted text, on its own or in a URL', () => {
  const secret = fc.string({ unit: 'grapheme', minLength: 3 });
  fc.assert(
    fc.property(secret, fc.string(), fc.string(), (hidden, before, after) => {
      const redact = redactor([hidden]);
      const words = ` ${hidden} `;
      fc.pre(
        !'***'.includes(hidden.trim()) && !`${before}${after}`.includes(hidden) && hidden.trim().length > 2,
      );
      const shown = redact(`${before}${words}${after}`);
      assert.ok(!shown.includes(words), shown);
      assert.ok(
        !redact(`http://u:${encodeURIComponent(hidden.toWellFormed())}@h/`).includes(
          encodeURIComponent(hidden.toWellFormed()),
        ),
      );
    }),
  );
});

test('redaction takes linear time', () => {
  const redact = redactor(['hunter2', 'aaaaaaaaa']);
  const hostile = ['a', '://', 'a://', 'a:', '@', 'http://a@', '/', '%', '"', 'aaaaaaaaab', 'http://a b '];
  for (const piece of hostile) {
    assert.ok(
      isLinear((size) => redact(piece.repeat(size / piece.length)), 50_000),
      piece,
    );
  }
});

function logged(write: (log: ReturnType<typeof createLog>) => void): {
  text: string;
  entries: Record<string, unknown>[];
} {
  const lines: string[] = [];
  write(createLog('NOTSET', redactor(['hush']), { write: (line) => lines.push(line) }));
  return { text: lines.join(''), entries: lines.map((line) => JSON.parse(line)) };
}

class Connection {
  password = 'hush-hush';
  nothing = 'seen';
}

test('everything that is logged, in whatever way, is redacted', () => {
  const error = new Error('hush failed at http://u:p@h/?q', {
    cause: new TypeError('for hush', { cause: 'hush' }),
  });
  const { text, entries } = logged((log) => {
    log.warn('hush');
    log.warn('a %s b %o', 'hush', { deep: 'hush' });
    log.warn({ a: 'hush', b: { c: ['hush', { d: 'at http://u:p@h/x?q' }] }, n: 1, t: true, z: null });
    log.error(error);
    log.error({ err: error, service: 'x' }, 'failed with hush');
    log.child({ requestId: '1' }).child({ service: 'y' }, { level: 'trace' }).trace({ err: error }, 'hush');
    log.fatal(new AggregateError([new Error('hush one'), error], 'several'));
    log.info(
      { connection: new Connection(), when: new Date(0), map: new Map([['hush', 'hush']]) },
      'objects of classes',
    );
  });
  assert.equal(entries.length, 8);
  assert.doesNotMatch(text, /hush|u:p@|\?q|seen/);
  assert.deepEqual(entries[2]?.b, { c: ['***', { d: 'at http://h/x' }] });
  const { err } = entries[4] ?? {};
  assert.deepEqual(
    [Reflect.get(Object(err), 'type'), Reflect.get(Object(err), 'message')],
    ['Error', '*** failed at http://h/'],
  );
  assert.equal(entries[3]?.msg, '*** failed at http://h/');
  assert.equal(entries[7]?.connection, '[Connection]');
});

test('an error is logged with its codes and causes, and without the properties of libraries', () => {
  const cause = Object.assign(new RangeError('inner'), {
    code: 'ECONNREFUSED',
    syscall: 'connect',
    address: '10.0.0.1',
  });
  const error = Object.assign(new Error('outer', { cause }), {
    code: '23505',
    constraint: 'uq_flow__name',
    detail: 'Key (name)=(hush) already exists.',
    where: 'hush',
    query: "select 'hush'",
    parameters: ['hush'],
    client: { password: 'hush' },
    input: 'http://u:hush@h',
  });
  const shown = loggedError(error, redactor([]));
  assert.doesNotMatch(JSON.stringify(shown), /hush|10\.0/);
  assert.deepEqual(
    [shown.type, shown.message, shown.code, shown.constraint],
    ['Error', 'outer', '23505', 'uq_flow__name'],
  );
  assert.deepEqual(
    [shown.cause?.type, shown.cause?.code, shown.cause?.syscall],
    ['RangeError', 'ECONNREFUSED', 'connect'],
  );
  assert.match(shown.stack ?? '', /redact\.test\.ts/);
});

test('endless messages and causes are truncated', () => {
  const round = new Error('x'.repeat(1_000_000));
  round.cause = round;
  assert.ok(JSON.stringify(loggedError(round, redactor(['hush']))).length < 100_000);
});
