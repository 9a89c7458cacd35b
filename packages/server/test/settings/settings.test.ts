import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ALL_SETTINGS, namesOf, SettingsError } from '@mintaka/settings';
import fc from 'fast-check';
import { parseDatabaseUrl } from '../../src/database/url.ts';
import { readSettings } from '../../src/settings.ts';

let home: string;
before(() => {
  home = mkdtempSync(join(tmpdir(), 'mintaka-settings-'));
});
after(() => rmSync(home, { recursive: true }));

const read = (environment: Record<string, string>) => readSettings({ MINTAKA_HOME: home, ...environment });

function withProfiles<Result>(toml: string, work: () => Result): Result {
  const file = join(home, 'profiles.toml');
  writeFileSync(file, toml);
  try {
    return work();
  } finally {
    rmSync(file);
  }
}

test('without settings the server has the defaults of the reference, and its own database', () => {
  const settings = readSettings({ HOME: home });
  assert.equal(settings.host, '127.0.0.1');
  assert.equal(settings.port, 4200);
  assert.equal(settings.pageLimit, 200);
  assert.equal(settings.bodyLimit, 64 * 1024 * 1024);
  assert.equal(settings.databaseUrl, `sqlite:///${home}/.mintaka/mintaka.db`);
  assert.equal(settings.ui.apiUrl, null);
  assert.deepEqual(settings.services.lateRuns, {
    enabled: true,
    loopSeconds: 5,
    afterSeconds: 5,
    batchSize: 400,
  });
  assert.deepEqual(settings.warnings, []);
});

test('a setting is found under each of its names, ours first, ignoring case', () => {
  for (const name of [
    'MINTAKA_API_PORT',
    'MINTAKA_ORION_API_PORT',
    'PREFECT_ORION_API_PORT',
    'prefect_orion_api_port',
  ]) {
    assert.equal(read({ [name]: '5001' }).port, 5001, name);
  }
  assert.equal(
    read({ PREFECT_ORION_API_PORT: '1', MINTAKA_ORION_API_PORT: '2', MINTAKA_API_PORT: '3' }).port,
    3,
  );
  const [one, other] = ['a'.repeat(43), 'b'.repeat(43)];
  assert.equal(read({ ORION_ENCRYPTION_KEY: one, MINTAKA_ENCRYPTION_KEY: other }).encryptionKey, other);
});

test('no two settings share a name', () => {
  const names = ALL_SETTINGS.flatMap(namesOf);
  assert.deepEqual(names.toSorted(), [...new Set(names)].toSorted());
});

test('values are parsed as pydantic parses them', () => {
  for (const word of ['1', 'on', 'T', 'true', 'Y', 'YES']) {
    assert.equal(read({ PREFECT_ORION_DATABASE_ECHO: word }).database.echo, true, word);
  }
  for (const word of ['0', 'off', 'F', 'False', 'n', 'no']) {
    assert.equal(read({ PREFECT_ORION_UI_ENABLED: word }).ui.enabled, false, word);
  }
  assert.equal(read({ PREFECT_ORION_API_PORT: ' 1_000 ' }).port, 1000);
  assert.equal(
    read({ PREFECT_ORION_SERVICES_LATE_RUNS_LOOP_SECONDS: '.5' }).services.lateRuns.loopSeconds,
    0.5,
  );
  const after = (text: string) =>
    read({ PREFECT_ORION_SERVICES_LATE_RUNS_AFTER_SECONDS: text }).services.lateRuns.afterSeconds;
  assert.deepEqual(
    ['15', '1:30', '1 day, 0:00:01', '2 01:00:00', 'PT1H30M', 'P1DT0.5S', '1:02.25'].map(after),
    [15, 90, 86_401, 176_400, 5400, 86_400.5, 62.25],
  );
  assert.equal(read({ PREFECT_LOGGING_SERVER_LEVEL: 'debug' }).logLevel, 'DEBUG');
});

const impossible: [name: string, value: string, rule: RegExp][] = [
  [
    'PREFECT_ORION_API_PORT',
    'abc',
    /^PREFECT_ORION_API_PORT: "abc" is not valid; it must be a whole number from 0 to 65535$/,
  ],
  ['MINTAKA_API_PORT', '65536', /^MINTAKA_API_PORT: /],
  ['PREFECT_ORION_DATABASE_ECHO', 'maybe', /must be true or false/],
  ['PREFECT_LOGGING_SERVER_LEVEL', 'LOUD', /must be one of CRITICAL, FATAL/],
  ['PREFECT_ORION_SERVICES_SCHEDULER_MIN_SCHEDULED_TIME', 'an hour', /must be a duration/],
  ['PREFECT_ORION_API_DEFAULT_LIMIT', '0', /of at least 1/],
  ['PREFECT_ORION_SERVICES_SCHEDULER_LOOP_SECONDS', '-1', /a number of seconds of at least 0/],
  [
    'PREFECT_ORION_DATABASE_CONNECTION_URL',
    'postgresql://u:${PREFECT_ORION_DATABASE_PASSWORD}@h/d',
    /which is not set/,
  ],
  ['PREFECT_ORION_DATABASE_CONNECTION_URL', 'postgresql://u:pa$@h/d', /write "\$\$"/],
  ['PREFECT_ORION_DATABASE_CONNECTION_URL', 'postgresql://${PREFECT_UI_URL}', /cannot be used here/],
];

for (const [name, value, rule] of impossible) {
  test(`${name}=${value} ends the start with one line that names the rule`, () => {
    assert.throws(
      () => read({ [name]: value }),
      (error: unknown) => {
        assert.ok(error instanceof SettingsError);
        assert.match(error.message, rule);
        assert.doesNotMatch(error.message, /\n/);
        return true;
      },
    );
  });
}

test('a key that HTTP cannot carry in a header, or that cannot encrypt, ends the start and is not shown', () => {
  const unsendable = [
    '',
    ' ',
    'two words',
    ' padded',
    'padded ',
    'schlüssel',
    'tab\tbed',
    'line\nbreak',
    'nul\0',
    '\x7f',
  ];
  const notFernet = [
    '',
    'x',
    'a'.repeat(42),
    'a'.repeat(45),
    `${'a'.repeat(42)}!=`,
    Buffer.alloc(16).toString('base64'),
  ];
  const cases: [names: string[], values: string[], rule: RegExp][] = [
    [['PREFECT_API_KEY', 'MINTAKA_API_KEY'], unsendable, /visible ASCII characters, without spaces/],
    [
      ['MINTAKA_ENCRYPTION_KEY', 'ORION_ENCRYPTION_KEY'],
      notFernet,
      /a Fernet key: 32 bytes in URL-safe base64/,
    ],
  ];
  for (const [names, values, rule] of cases) {
    for (const name of names) {
      for (const value of values) {
        assert.throws(
          () => read({ [name]: value }),
          (error: unknown) => {
            assert.ok(error instanceof SettingsError);
            assert.ok(error.message.startsWith(`${name}: its value is not valid; `));
            assert.match(error.message, rule);
            return true;
          },
          `${name}=${JSON.stringify(value)}`,
        );
      }
    }
  }
});

test('a Fernet key is accepted as in Python: in either base64, and with a trailing line break', () => {
  const key = Buffer.from(Array.from({ length: 32 }, (_, index) => 255 - index));
  for (const text of [key.toString('base64'), key.toString('base64url'), `${key.toString('base64')}\n`]) {
    assert.equal(read({ ORION_ENCRYPTION_KEY: text }).encryptionKey, text.trim());
  }
});

const urlWith = (place: string) => ({ PREFECT_ORION_DATABASE_CONNECTION_URL: place });

test('the connection URL can contain the password and the home folder by name', () => {
  const settings = read({
    PREFECT_ORION_DATABASE_PASSWORD: 'p$w',
    ...urlWith('postgresql://u:${PREFECT_ORION_DATABASE_PASSWORD}@h/$$d'),
  });
  assert.equal(settings.databaseUrl, 'postgresql://u:p$w@h/$d');
  const inHome = read(urlWith('sqlite:///${MINTAKA_HOME}/x.db'));
  assert.equal(inHome.databaseUrl, `sqlite:///${home}/x.db`);
});

test('a password is inserted into the connection URL unchanged in meaning, whatever it contains, at each possible place', () => {
  const places = [
    'postgresql://u:${PREFECT_ORION_DATABASE_PASSWORD}@h:99/d',
    'postgresql://u@h:99/d?ssl=require&password=$MINTAKA_DATABASE_PASSWORD',
  ];
  const passwordIn = (place: string, password: string) => {
    const { databaseUrl } = read({ PREFECT_ORION_DATABASE_PASSWORD: password, ...urlWith(place) });
    const location = parseDatabaseUrl(databaseUrl);
    assert.ok(location.dialect === 'postgres');
    assert.deepEqual([location.user, location.host, location.port, location.database], ['u', 'h', 99, 'd']);
    return location.password;
  };
  const anyPassword = fc
    .string({
      unit: fc.oneof(
        fc.constantFrom('@', '/', ':', '?', '#', '%', '&', '=', '+', ' ', '$', '{', 'ß', '😀'),
        fc.string({ minLength: 1, maxLength: 1 }),
      ),
      minLength: 1,
    })
    .filter((password) => !/%[0-9a-f]{2}/i.test(password) && password.isWellFormed());
  fc.assert(
    fc.property(anyPassword, fc.constantFrom(...places), (password, place) => {
      assert.equal(passwordIn(place, password), password);
    }),
  );
  for (const place of places) {
    assert.equal(passwordIn(place, 'p%40ss%2Fw'), 'p@ss/w', 'already encoded, as the reference requires');
    assert.equal(passwordIn(place, 'p%40s@s'), 'p%40s@s', 'not encoded, or it would have no @');
  }
});

test('no error about the connection URL shows a part of it', () => {
  const urls = [
    'postgresql://u:hush$word@h/d',
    'postgresql://u:${hush}@h/d',
    'postgresql://u:$hush@h/d',
    'postgresql://u:hush$@h/d',
  ];
  for (const url of urls) {
    assert.throws(
      () => read(urlWith(url)),
      (error: unknown) =>
        error instanceof SettingsError &&
        !/hush|word/.test(error.message) &&
        /write "\$\$"/.test(error.message),
      url,
    );
  }
});

test('a password that the connection URL does not use causes a warning', () => {
  assert.match(read({ PREFECT_ORION_DATABASE_PASSWORD: 'x' }).warnings.join(), /does not use it/);
});

test('an unknown setting with our prefix causes a warning with the most similar name', () => {
  const { warnings } = read({
    MINTAKA_API_PROT: '1',
    MINTAKA_TEST_POSTGRES_URL: 'x',
    PREFECT_LATER_SETTING: 'x',
  });
  assert.deepEqual(warnings, ['unknown setting MINTAKA_API_PROT: did you mean MINTAKA_API_PORT?']);
});

test('the active profile sets what the environment does not', () => {
  const toml = `active = "p"
[profiles.p]
PREFECT_ORION_API_PORT = 5005
PREFECT_ORION_API_HOST = "0.0.0.0"
MINTAKA_UI_ENABLED = false
[profiles.other]
PREFECT_ORION_API_PORT = "6006"
`;
  withProfiles(toml, () => {
    const settings = read({ PREFECT_ORION_API_HOST: '::1' });
    assert.deepEqual([settings.port, settings.host, settings.ui.enabled], [5005, '::1', false]);
    assert.equal(read({ PREFECT_PROFILE: 'other' }).port, 6006);
    assert.match(read({ MINTAKA_PROFILE: 'none' }).warnings.join(), /profile "none" not found/);
  });
});

test('a profiles file that is not TOML ends the start with one line', () => {
  withProfiles('active = ', () =>
    assert.throws(() => read({}), /cannot read the profiles in .*profiles\.toml: [^\n]*$/),
  );
});

test('the settings are shown as by the reference, without secrets', () => {
  const { shown } = read({
    PREFECT_API_KEY: 'key-secret',
    PREFECT_ORION_DATABASE_PASSWORD: 'pw-secret',
    PREFECT_ORION_DATABASE_CONNECTION_URL: 'sqlite:////tmp/url-secret.db',
    ORION_ENCRYPTION_KEY: `fernet-secret-${'x'.repeat(29)}=`,
    PREFECT_ORION_SERVICES_LATE_RUNS_AFTER_SECONDS: '1:30',
  });
  const text = JSON.stringify(shown);
  assert.doesNotMatch(text, /secret/);
  assert.match(text, /"PREFECT_ORION_DATABASE_CONNECTION_URL":"\*{8}"/);
  assert.match(text, /"PREFECT_API_KEY":"\*{8}"/);
  assert.match(text, /"PREFECT_ORION_SERVICES_LATE_RUNS_AFTER_SECONDS":90\.0/);
  assert.match(text, /"PREFECT_PROFILES_PATH":"\$\{PREFECT_HOME\}\/profiles\.toml"/);
  assert.equal(Object.keys(shown).length, 79);
});

test('a server without a key that other machines can reach causes a warning, and one with a key or only for this machine does not', () => {
  const warnings = (settings: Record<string, string>) => read(settings).warnings.join('\n');
  for (const host of ['0.0.0.0', '::', '192.168.1.5', 'flows.example.com']) {
    assert.match(warnings({ MINTAKA_API_HOST: host }), /^listening on \S+ without an API key/);
    assert.equal(warnings({ MINTAKA_API_HOST: host, MINTAKA_API_KEY: 'k' }), '');
  }
  for (const host of ['127.0.0.1', '127.1.2.3', 'localhost', '::1']) {
    assert.equal(warnings({ MINTAKA_API_HOST: host }), '');
  }
});

test('lists of hosts and origins are normalised for comparison, and refused if they contain more', () => {
  const { callers } = read({
    MINTAKA_ALLOWED_HOSTS: ' Flows.Example.com,*.inner.example , [2001:DB8::1],10.0.0.1,',
    MINTAKA_ALLOWED_ORIGINS: 'https://Flows.Example.com/, http://a:80,app://inner',
    PREFECT_UI_URL: 'https://pages.example.com:444/ui',
  });
  assert.deepEqual(callers.hosts, ['flows.example.com', '*.inner.example', '2001:db8::1', '10.0.0.1']);
  assert.deepEqual(callers.origins, [
    'https://flows.example.com',
    'http://a',
    'app://inner',
    'https://pages.example.com:444',
  ]);
  for (const hosts of ['a:4200', 'http://a', 'a/b', 'a b', '**', '*.', '*a', '2001:zz::']) {
    assert.throws(
      () => read({ MINTAKA_ALLOWED_HOSTS: hosts }),
      /MINTAKA_ALLOWED_HOSTS: .* without ports/,
      hosts,
    );
  }
  for (const origins of ['a', 'https://a/b', 'https://u@a', 'https://a?b', 'null', 'https://']) {
    assert.throws(() => read({ MINTAKA_ALLOWED_ORIGINS: origins }), /MINTAKA_ALLOWED_ORIGINS: /, origins);
  }
});
