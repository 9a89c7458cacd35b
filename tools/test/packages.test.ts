import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { watchServer } from '@mintaka/testing/server-process';
import { buildPackages } from '../build/build-packages.ts';
import { publishedPackages } from '../build/published.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const packages = publishedPackages(root);

/**
 * The variables of this process, except those that would lead a second npm back to this repository, or configure a server.
 */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(?:npm_config_local_prefix|npm_package|npm_lifecycle|MINTAKA_|PREFECT_|NODE_)/i.test(name),
  ),
);
const run = (program: string, args: readonly string[], cwd: string): string =>
  execFileSync(program, args, { cwd, env: environment, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** A user's project: an empty folder outside the repository, into which the packed packages are installed. */
let project: string;
let isInstalled = false;
before(() => {
  project = mkdtempSync(join(tmpdir(), 'mintaka-packages-'));
  const packed = join(project, 'packed');
  mkdirSync(packed);
  for (const { folder } of buildPackages(root, join(project, 'built'))) {
    run('npm', ['pack', '--silent', '--pack-destination', packed], folder);
  }
  const archives = readdirSync(packed).map((file) => `./packed/${file}`);
  writeFileSync(join(project, 'package.json'), '{ "private": true }');
  try {
    run(
      'npm',
      ['install', '--no-audit', '--no-fund', '--prefer-offline', '--fetch-retries=0', ...archives],
      project,
    );
    isInstalled = true;
  } catch (error) {
    assert.equal(process.env.MINTAKA_TEST_REQUIRE_ALL, undefined, String(error));
  }
});
after(() => rmSync(project, { recursive: true }));

function inProject(name: string, work: () => Promise<void> | void): void {
  test(name, async (context: TestContext) => {
    if (!isInstalled) return context.skip('the dependencies could not be fetched from npm');
    await work();
  });
}

for (const { place, manifest } of packages) {
  const installed = () => join(project, 'node_modules', manifest.name);

  inProject(
    `${manifest.name} has built files, its readme and the licence, and neither sources nor tests`,
    () => {
      const files = globSync('**/*', { cwd: installed() });
      assert.deepEqual(
        files.filter((file) => /(?:(?<!\.d)\.ts$|\btest\b)/.test(file)),
        [],
      );
      for (const file of ['README.md', 'LICENSE', 'package.json']) assert.ok(files.includes(file), file);
      const sources = globSync('src/**/*', { cwd: join(root, 'packages', place), withFileTypes: true });
      const assets = sources.filter((file) => file.isFile() && !file.name.endsWith('.ts'));
      for (const { name } of assets)
        assert.ok(
          files.some((file) => file.endsWith(`/${name}`)),
          name,
        );
    },
  );

  inProject(`every export of ${manifest.name} leads to built code and to its types`, () => {
    const { exports }: { exports: Record<string, string | { types: string; default: string }> } = JSON.parse(
      readFileSync(join(installed(), 'package.json'), 'utf8'),
    );
    assert.deepEqual(
      Object.keys(exports).filter((name) => name !== './package.json'),
      Object.keys(manifest.exports ?? {}),
    );
    for (const target of Object.values(exports)) {
      const paths = typeof target === 'string' ? [target] : [target.types, target.default];
      for (const path of paths) assert.ok(existsSync(join(installed(), path)), path);
    }
  });

  inProject(`the example in the readme of ${manifest.name} runs`, () => {
    const readme = readFileSync(join(installed(), 'README.md'), 'utf8');
    const example = /```js\n([\s\S]*?)```/.exec(readme)?.[1];
    assert.ok(example);
    writeFileSync(join(project, 'example.mjs'), example);
    const home = mkdtempSync(join(project, 'home-'));
    execFileSync(process.execPath, ['example.mjs'], {
      cwd: project,
      env: { ...environment, HOME: home, MINTAKA_HOME: home },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  });

  test(`${manifest.name} depends on the exact versions of the other packages`, () => {
    const versions = new Map(packages.map((each) => [each.manifest.name, each.manifest.version]));
    for (const [name, version] of Object.entries(manifest.dependencies ?? {})) {
      assert.match(version, /^\d+\.\d+\.\d+$/, name);
      if (name.startsWith('@mintaka/')) assert.equal(version, versions.get(name), name);
    }
  });
}

inProject('the installed packages have types for a program in TypeScript', () => {
  writeFileSync(
    join(project, 'program.mts'),
    `import { createClient } from '@mintaka/contract/client';
import { operations } from '@mintaka/contract/operations';
import { type Timestamp, timestamp } from '@mintaka/contract/timestamp';
import { SERVER_SETTINGS, readValues } from '@mintaka/settings';
import { readSettings, startServer } from '@mintaka/server';

const now: Timestamp = timestamp('2026-01-01 00:00:00.000000');
const apiUrl: string | null = readValues({}).of(SERVER_SETTINGS.apiUrl);
const server = await startServer(readSettings({}), { clock: { now: () => now } });
const { name } = await createClient(operations, { fetch, baseUrl: apiUrl ?? server.url }).flows.create({
  body: { name: 'f' },
});
export const text: string = name;
// @ts-expect-error: a flow's name is a string
export const count: number = name;
// @ts-expect-error: a clock returns timestamps
await startServer(readSettings({}), { clock: { now: () => 5 } });
`,
  );
  const compilerOptions = {
    target: 'esnext',
    module: 'nodenext',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
  };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.mts'] }));
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  try {
    run(process.execPath, [compiler, '--project', project], project);
  } catch (error) {
    assert.fail(error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error));
  }
});

inProject(
  'the installed server starts, keeps a deployment whose variables a thread has checked, shows its logo and ends',
  async () => {
    const program = join(project, 'node_modules/@mintaka/server/bin/mintaka-server.js');
    const home = mkdtempSync(join(project, 'home-'));
    const settings = { MINTAKA_HOME: home, MINTAKA_API_PORT: '0', MINTAKA_LOGGING_SERVER_LEVEL: 'INFO' };
    const server = watchServer(
      spawn(process.execPath, [program], {
        cwd: project,
        env: { ...environment, ...settings },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
    try {
      const url = await server.url;
      assert.equal(await (await fetch(`${url}/api/health`)).json(), true);
      assert.equal((await fetch(`${url}/api/static/mintaka.png`)).headers.get('content-type'), 'image/png');
      const post = async (path: string, body: object): Promise<Response> =>
        fetch(`${url}/api${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
      const flow: { id: string } = JSON.parse(await (await post('/flows/', { name: 'f' })).text());
      const variables = { type: 'object', properties: { size: { type: 'integer' } } };
      const base_job_template = { job_configuration: { size: '{{ size }}' }, variables };
      assert.equal(
        (await post('/work_pools/', { name: 'p', type: 'process', base_job_template })).status,
        201,
      );
      const deploy = (size: unknown) =>
        post('/deployments/', {
          name: 'd',
          flow_id: flow.id,
          work_pool_name: 'p',
          infra_overrides: { size },
          schedule: { interval: 3600 },
        });
      assert.equal((await deploy('large')).status, 409);
      assert.equal((await deploy(3)).status, 201);
    } finally {
      server.child.kill('SIGTERM');
    }
    const { code, output, errors } = await server.ended;
    assert.equal(code, 0, errors);
    assert.doesNotMatch(output, /"level":(?:50|60)/);
  },
);
