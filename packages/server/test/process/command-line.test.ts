import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { serverProgram, spawnServer } from '@mintaka/testing/server-process';

let home: string;
before(() => {
  home = mkdtempSync(join(tmpdir(), 'mintaka-command-line-'));
});
after(() => rmSync(home, { recursive: true }));

function run(args: string[], nodeOptions: string[] = []) {
  const env = { PATH: process.env.PATH, MINTAKA_HOME: join(home, 'unused') };
  const { status, stdout, stderr } = spawnSync(process.execPath, [...nodeOptions, serverProgram, ...args], {
    env,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('--help explains every option and starts no server', () => {
  for (const option of ['--help', '-h']) {
    const { status, stdout, stderr } = run([option]);
    assert.deepEqual([status, stderr], [0, '']);
    for (const name of ['host', 'port', 'database-url', 'home', 'log-level', 'version', 'help']) {
      assert.match(stdout, new RegExp(`--${name}\\b`));
    }
  }
  assert.deepEqual(readdirSync(home), []);
});

test('--version prints the version and that of the API', () => {
  for (const option of ['--version', '-v']) {
    const { status, stdout } = run([option]);
    assert.equal(status, 0);
    assert.match(stdout, /^mintaka-server \d+\.\d+\.\d+ .*Prefect 2\.8\.0/);
  }
});

const refused: [args: string[], problem: RegExp][] = [
  [['--prot', '5'], /Unknown option '--prot'/],
  [['--port'], /--port/],
  [['start'], /Unexpected argument 'start'/],
  [['--help=yes'], /--help/],
];
for (const [args, problem] of refused) {
  test(`"${args.join(' ')}" is refused with exit code 2 and the usage`, () => {
    const { status, stdout, stderr } = run(args);
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, problem);
    assert.match(stderr, /^mintaka: [^\n]+\nUsage: [^\n]+\n$/);
  });
}

test('an invalid value is reported under the name of its option', () => {
  const { status, stderr } = run(['--port', 'x']);
  assert.equal(status, 1);
  assert.equal(stderr, 'mintaka: --port: "x" is not valid; it must be a whole number from 0 to 65535\n');
});

test('options take precedence over the environment', async () => {
  const file = join(home, 'chosen.db');
  const server = spawnServer(
    { MINTAKA_HOME: home, MINTAKA_API_HOST: 'no.such.host.invalid', PREFECT_ORION_API_PORT: '1' },
    ['--host', '127.0.0.1', '--port=0', '--database-url', `sqlite:///${file}`],
  );
  const answer = await fetch(`${await server.url}/api/health`);
  assert.equal(await answer.json(), true);
  assert.ok(readdirSync(home).includes('chosen.db'));
  server.child.kill('SIGTERM');
  assert.equal((await server.ended).code, 0);
});

test('an old Node prints one line that says what to do', () => {
  for (const version of ['12.22.12', '20.20.2', '25.9.0']) {
    const preload = join(home, `node-${version}.cjs`);
    writeFileSync(preload, `Object.defineProperty(process.versions, 'node', { value: '${version}' });`);
    const { status, stdout, stderr } = run(['--help'], ['--require', preload]);
    assert.deepEqual([status, stdout], [1, '']);
    assert.match(
      stderr,
      new RegExp(`^mintaka: needs Node 26 or later, and this is Node ${version}\\. [^\\n]+\\n$`),
    );
  }
});

test('the warm-up after the installation fills the compile cache, and leaves neither output nor files', () => {
  const folder = join(home, 'warm-up');
  const cache = join(home, 'cache');
  mkdirSync(folder);
  const program = join(dirname(serverProgram), 'warm-up.js');
  const env = { PATH: process.env.PATH, TMPDIR: folder, NODE_COMPILE_CACHE: cache };
  const { status, stdout, stderr } = spawnSync(process.execPath, [program], { env, encoding: 'utf8' });
  assert.deepEqual([status, stdout, stderr], [0, '', '']);
  assert.deepEqual(readdirSync(folder), []);
  // The server has several hundred files; a failed warm-up has compiled few of them.
  assert.ok(readdirSync(cache, { recursive: true }).length > 300);
});

test('the code that an old Node reads before the check has old syntax', () => {
  for (const name of ['mintaka-server.js', 'check-node.js']) {
    const code = readFileSync(join(dirname(serverProgram), name), 'utf8').replaceAll(/^(?:#!|\/\/).*$/gm, '');
    assert.doesNotMatch(code, /\b(?:import|export|const|let|class|async|await)\b|=>|`|\?\.|\.\.\./, name);
  }
});

test('on a terminal the server announces in a sentence that it is ready', (t) => {
  if (spawnSync('script', ['--version']).error !== undefined) return t.skip('this machine has no script(1)');
  const command = `exec '${process.execPath}' '${serverProgram}' --port 0 --home '${home}'`;
  const terminal = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    env: { PATH: process.env.PATH },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  return new Promise<void>((resolve, reject) => {
    terminal.stdout.on('data', (chunk: Buffer) => {
      const wasReady = output.includes('/docs');
      output += chunk;
      // Ctrl-C, as a user types it.
      if (!wasReady && output.includes('/docs')) terminal.stdin.write('\x03');
    });
    terminal.once('close', (code) => {
      try {
        assert.match(
          output,
          /^Mintaka is listening on http:\/\/127\.0\.0\.1:\d+; see http:\S+\/docs for its API\r?\n/,
        );
        assert.equal(code, 0);
        resolve();
      } catch (error) {
        reject(error);
      }
    });
  });
});
