/** The allowed imports of the files of one folder. */
export type ImportRule = {
  /** The folder or file, from the root of the repository. The longest that fits a file is its rule. */
  within: string;
  /** Folders and files below it that may be imported, in addition to those with the same rule. */
  ours: readonly string[];
  /** Packages that may be imported; `node:` stands for all of Node's own. */
  packages: readonly string[];
};

const server = 'packages/server/src';
const under = (...names: readonly string[]) => names.map((name) => `${server}/${name}`);

/** The floors: an import only goes to a lower floor. */
export const importRules: readonly ImportRule[] = [
  { within: 'packages/contract/src', ours: [], packages: ['zod'] },
  { within: 'packages/settings/src', ours: [], packages: ['@mintaka/contract', 'node:', 'smol-toml'] },
  // The composition root may import everything; nothing imports it.
  {
    within: server,
    ours: under(
      'database',
      'domain',
      'http',
      'services',
      'clock.ts',
      'event-loop.ts',
      'log.ts',
      'metrics.ts',
      'random.ts',
      'redact.ts',
      'settings.ts',
    ).concat('packages/server/bin'),
    packages: ['@mintaka/contract', '@mintaka/settings', 'node:', 'pino'],
  },
  { within: `${server}/clock.ts`, ours: [], packages: ['@mintaka/contract'] },
  { within: `${server}/random.ts`, ours: [], packages: ['node:crypto'] },
  { within: `${server}/redact.ts`, ours: [], packages: [] },
  { within: `${server}/log.ts`, ours: under('redact.ts'), packages: ['@mintaka/settings', 'pino'] },
  { within: `${server}/event-loop.ts`, ours: [], packages: ['pino'] },
  { within: `${server}/job-thread.ts`, ours: [], packages: ['node:worker_threads'] },
  // Implements the interfaces through which the floors report.
  {
    within: `${server}/metrics.ts`,
    ours: under('database', 'domain', 'http', 'services'),
    packages: ['prom-client'],
  },
  { within: `${server}/settings.ts`, ours: [], packages: ['@mintaka/contract', '@mintaka/settings'] },
  {
    within: `${server}/http`,
    ours: under(
      'domain',
      'clock.ts',
      'event-loop.ts',
      'job-thread.ts',
      'log.ts',
      'random.ts',
      'redact.ts',
      'settings.ts',
    ),
    packages: [
      '@mintaka/contract',
      '@mintaka/settings',
      'node:',
      'fastify',
      'zod',
      '@scalar/fastify-api-reference',
    ],
  },
  {
    within: `${server}/services`,
    ours: under('domain', 'clock.ts', 'log.ts', 'random.ts', 'redact.ts', 'settings.ts'),
    packages: ['@mintaka/contract', 'node:', 'nodemailer'],
  },
  {
    within: `${server}/domain`,
    ours: under(
      'orchestration',
      'database',
      'domain/schema-checks',
      'clock.ts',
      'job-thread.ts',
      'random.ts',
      'redact.ts',
      'settings.ts',
    ),
    packages: ['@mintaka/contract', 'node:crypto', 'kysely'],
  },
  // Its thread loads nothing else of the server.
  {
    within: `${server}/domain/schema-checks`,
    ours: under('domain/errors.ts', 'domain/python-text.ts', 'job-thread.ts'),
    packages: ['@mintaka/contract', 'node:worker_threads', 'ajv', 're2js'],
  },
  { within: `${server}/orchestration`, ours: [], packages: ['@mintaka/contract'] },
  {
    within: `${server}/database`,
    ours: under('database/drivers', 'database/migrations'),
    packages: ['@mintaka/contract', 'kysely', 'node:'],
  },
  {
    within: `${server}/database/drivers`,
    ours: under('database'),
    packages: ['@mintaka/contract', 'kysely', 'node:', 'pg'],
  },
  // A migration never changes after its release, so it must not import queries, which do.
  {
    within: `${server}/database/migrations`,
    ours: under(
      'database/database.ts',
      'database/dialect-name.ts',
      'database/drivers/sqlite-errors.ts',
      'database/errors.ts',
    ),
    packages: [],
  },
  // Private: it exposes the server's sources to tests, and no published package imports it.
  {
    within: 'packages/testing/src',
    ours: [server],
    packages: [
      '@mintaka/contract',
      '@mintaka/server',
      '@mintaka/settings',
      'node:',
      'fastify',
      'kysely',
      'pg',
      'pino',
    ],
  },
  { within: 'packages/sdk/src', ours: [], packages: ['@mintaka/contract', '@mintaka/settings', 'node:'] },
  {
    within: 'packages/cli/src',
    ours: [],
    packages: [
      '@mintaka/contract',
      '@mintaka/settings',
      '@mintaka/sdk',
      '@mintaka/server',
      'commander',
      'node:',
    ],
  },
];

/** Exceptions to folders that a rule above allows as a whole, with the reason. */
export const closedTo: readonly { folder: string; from: string; reason: string }[] = [
  {
    folder: `${server}/database/drivers`,
    from: `${server}/domain`,
    reason: 'the domain uses sessions, never a driver',
  },
];

/** Packages that run in the process of a user or of a test, and may use their own time, randomness and environment. */
const ownProcess = ['packages/sdk/src', 'packages/cli/src', 'packages/testing/src'];

/** Banned patterns and the files exempt from them. */
export const bannedTexts: readonly { pattern: RegExp; allowed: readonly string[]; reason: string }[] = [
  {
    pattern: /^import\s[^;]*?[{,]\s*sql\s*[,}][^;]*?from 'kysely'/m,
    allowed: under('database/dialects', 'database/migrations'),
    reason: "hand-written SQL (Kysely's sql) belongs to database/dialects and database/migrations",
  },
  {
    pattern: /^(?:export )?const \w+: (?:Readonly<)?(?:Partial<)?Record<string\b/m,
    // Its keys are codes of the database.
    allowed: under('database/drivers/postgres-errors.ts'),
    reason: 'use a Map to look up arbitrary strings: an object also has `constructor` and `__proto__`',
  },
  {
    pattern: /\bDate\.now\(|\bnew Date\(\)|\bTemporal\.Now\b/,
    allowed: under('clock.ts').concat(ownProcess),
    reason: 'the time comes from the clock that is passed in',
  },
  {
    pattern: /\bMath\.random\(|\brandomUUID\(/,
    allowed: under('random.ts').concat(ownProcess),
    reason: 'randomness must be passed in',
  },
  {
    pattern: /\bprocess\.env\b/,
    allowed: under('main.ts').concat(ownProcess),
    reason: 'only main.ts may read the environment',
  },
];
