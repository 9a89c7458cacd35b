import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type DatabaseLocation,
  DatabaseUrlError,
  type PostgresLocation,
  parseDatabaseUrl,
  passwordsOf,
} from '../../src/database/url.ts';
import { redactUrls } from '../../src/redact.ts';

const sqlite = (path: string | undefined): DatabaseLocation => ({ dialect: 'sqlite', path });
const postgres = (rest: Partial<PostgresLocation>): DatabaseLocation => ({
  dialect: 'postgres',
  host: 'localhost',
  port: 5432,
  database: 'postgres',
  user: undefined,
  password: undefined,
  ssl: false,
  ...rest,
});

const readable: [url: string, location: DatabaseLocation][] = [
  ['sqlite+aiosqlite:////var/lib/mintaka.db', sqlite('/var/lib/mintaka.db')],
  ['sqlite:///mintaka.db', sqlite('mintaka.db')],
  ['sqlite:///folder/a b%20#c.db?timeout=60', sqlite('folder/a b%20#c.db')],
  ['SQLite:////x.db', sqlite('/x.db')],
  ['sqlite+aiosqlite:///C:\\data\\mintaka.db', sqlite('C:\\data\\mintaka.db')],
  ['sqlite+aiosqlite://', sqlite(undefined)],
  ['sqlite:///', sqlite(undefined)],
  ['sqlite:///:memory:', sqlite(undefined)],
  ['sqlite+aiosqlite:///file::memory:?cache=shared&uri=true&check_same_thread=false', sqlite(undefined)],
  ['sqlite:///file:name?mode=memory&uri=true', sqlite(undefined)],
  ['sqlite:///file:/var/a%20b.db?uri=true', sqlite('/var/a b.db')],
  ['sqlite:///file:///var/a.db?uri=true', sqlite('/var/a.db')],
  ['sqlite:///file:a.db', sqlite('file:a.db')],
  [
    'postgresql+asyncpg://prefect:secret@db.example:6543/orion',
    postgres({ user: 'prefect', password: 'secret', host: 'db.example', port: 6543, database: 'orion' }),
  ],
  ['postgres://u@h/d', postgres({ user: 'u', host: 'h', database: 'd' })],
  ['postgresql://h', postgres({ host: 'h' })],
  ['postgresql://', postgres({})],
  ['postgresql:///orion', postgres({ database: 'orion' })],
  ['postgresql://u@', postgres({ user: 'u', database: 'u' })],
  ['postgresql://u:@h:/d', postgres({ user: 'u', password: '', host: 'h', database: 'd' })],
  ['postgresql://u@[::1]:99/d', postgres({ user: 'u', host: '::1', port: 99, database: 'd' })],
  [
    'postgresql://u%40corp:p%40s%2Fs%3A%3F@h/d',
    postgres({ user: 'u@corp', password: 'p@s/s:?', host: 'h', database: 'd' }),
  ],
  ['postgresql://u:100%@h/d', postgres({ user: 'u', password: '100%', host: 'h', database: 'd' })],
  ['postgresql://u:a@b@h/d', postgres({ user: 'u', password: 'a@b', host: 'h', database: 'd' })],
  ['postgresql://u:a/b?c@h/d', postgres({ user: 'u', password: 'a/b?c', host: 'h', database: 'd' })],
  ['postgresql://h:99/d?application_name=a@b', postgres({ host: 'h', port: 99, database: 'd' })],
  ['postgresql://u@/d?host=/run/postgresql', postgres({ user: 'u', host: '/run/postgresql', database: 'd' })],
  ['postgresql://h/d?user=u&password=p', postgres({ user: 'u', password: 'p', host: 'h', database: 'd' })],
  [
    'postgresql://h/d?ssl=require',
    postgres({ host: 'h', database: 'd', ssl: { rejectUnauthorized: false } }),
  ],
  ['postgresql://h/d?sslmode=verify-full', postgres({ host: 'h', database: 'd', ssl: true })],
  ['postgresql://h/d?ssl=prefer&prepared_statement_cache_size=0', postgres({ host: 'h', database: 'd' })],
];

for (const [url, location] of readable) {
  test(`the database URL ${url} is parsed`, () => {
    assert.deepEqual(parseDatabaseUrl(url), location);
  });
}

const unreadable: [url: string, rule: RegExp][] = [
  ['', /must begin with/],
  ['mysql://u:hunter2@h/d', /must begin with/],
  ['/var/lib/mintaka.db', /must begin with/],
  ['sqlite:/x.db', /must begin with/],
  ['sqlite://x.db', /three slashes/],
  ['sqlite:///file:?uri=true', /name a file/],
  ['postgresql://u:hunter2@h:99999/d', /port/],
  ['postgresql://u:hunter2@h:port/d', /of the form/],
  ['postgresql://u:hunter2@h/d?ssl=hunter2', /"ssl"/],
  ['postgresql://u:a@hunter2/b@h/d', /percent-encoded/],
  ['postgresql://u:a@b/hunter2:c@h:5432/d', /percent-encoded/],
  ['postgresql://u:a@b?hunter2@h/d', /percent-encoded/],
];

for (const [url, rule] of unreadable) {
  test(`the database URL "${url}" is refused with the broken rule, and without its password`, () => {
    assert.throws(
      () => parseDatabaseUrl(url),
      (error) => {
        assert.ok(error instanceof DatabaseUrlError);
        assert.match(error.message, rule);
        assert.doesNotMatch(error.message, /hunter2/);
        return true;
      },
    );
  });
}

/** Texts that look like database URLs, and some that do not. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .tuple(
      fc.constantFrom('sqlite', 'postgresql', 'postgres', 'postgresql+asyncpg', 'mysql', ''),
      fc.constantFrom('://', ':///', ':', '://user:pass@'),
      fc.string({
        unit: fc.constantFrom(':', '/', '@', '?', '%', '[', ']', '=', '&', 'a', '4', 'ssl=', 'file:'),
      }),
    )
    .map((parts) => parts.join('')),
);

test('any invalid database URL throws only a DatabaseUrlError', () => {
  fc.assert(
    fc.property(anyText, (url) => {
      passwordsOf(url);
      try {
        parseDatabaseUrl(url);
      } catch (error) {
        assert.ok(error instanceof DatabaseUrlError);
      }
    }),
  );
});

test('the passwords of a URL are found in every form, even if the URL cannot be parsed', () => {
  const cases: [url: string, passwords: string[]][] = [
    ['postgresql+asyncpg://u:hunter2@h:1/d', ['hunter2', 'hunter2']],
    ['postgresql://u:a%40b@h/d', ['a%40b', 'a@b']],
    ['postgresql://u:a@b/c:d?e@h/d', ['a@b/c:d?e', 'a@b/c:d?e']],
    ['postgresql://h/d?ssl=require&password=a%2Fb', ['a%2Fb', 'a/b']],
    ['postgresql://u:pw@h:nope/d', ['pw', 'pw']],
    ['mysql://u:pw@h', ['pw', 'pw']],
    ['postgresql://u@h:99/d', []],
    ['sqlite:////tmp/a.db', []],
    ['', []],
  ];
  for (const [url, passwords] of cases) assert.deepEqual(passwordsOf(url), passwords, url);
});

test('a percent-encoded password is decoded completely, and appears neither in errors nor in logs', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.boolean(), (tail, isWrong) => {
      const password = `hunter2${tail}`;
      const url = `postgresql://user:${encodeURIComponent(password)}@host:${isWrong ? 0 : 1}/name`;
      assert.ok(passwordsOf(url).includes(password));
      assert.doesNotMatch(redactUrls(`at ${url}`), /hunter2/);
      if (!isWrong) {
        const location = parseDatabaseUrl(url);
        return assert.equal(location.dialect === 'postgres' && location.password, password);
      }
      assert.throws(
        () => parseDatabaseUrl(url),
        (error) => error instanceof DatabaseUrlError && !error.message.includes('hunter2'),
      );
    }),
  );
});
