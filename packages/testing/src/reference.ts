import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TestDatabase } from './databases.ts';
import { cleanEnvironment, type RunningServer, signalGroup, startInFolder } from './process.ts';

/** The release whose server is the reference and whose client must not notice a difference. */
export const referenceVersion = '2.8.0';

/** The latest release date of packages to install: those that were current when the reference was released. */
const packagesUntil = '2023-02-15';

/** Settings that disable all loops and the registration of block types: the server only acts on requests. */
export const quietSettings = {
  PREFECT_ORION_SERVICES_SCHEDULER_ENABLED: 'false',
  PREFECT_ORION_SERVICES_LATE_RUNS_ENABLED: 'false',
  PREFECT_ORION_SERVICES_PAUSE_EXPIRATIONS_ENABLED: 'false',
  PREFECT_ORION_SERVICES_CANCELLATION_CLEANUP_ENABLED: 'false',
  PREFECT_ORION_SERVICES_FLOW_RUN_NOTIFICATIONS_ENABLED: 'false',
  PREFECT_ORION_BLOCKS_REGISTER_ON_START: 'false',
} as const;

/** The options of a server in a test. */
export type ServerOptions = {
  database: Pick<TestDatabase, 'url'>;
  /** Whether the background loops run and the block types are registered; false by default. */
  loops?: boolean;
  /** Additional settings. */
  settings?: Record<string, string>;
  /** The maximum number of open files and sockets of our server; by default the same as for this process. */
  openFiles?: number;
};

/** An installation of the real client and server. */
export type Reference = {
  /** Its Python. */
  python: string;
  /** Starts the reference server on a free port. */
  start(options: ServerOptions): Promise<RunningServer>;
  /** Runs its Python with the real client pointed at a server, in a new profile folder. */
  run(server: { url: string }, args: string[], options?: RunOptions): Promise<ClientResult>;
  /** Runs its command line (`prefect ...`) the same way. */
  cli(server: { url: string }, args: string[], options?: RunOptions): Promise<ClientResult>;
};

/** Details of a client's run. */
export type RunOptions = {
  env?: Record<string, string>;
  /** The timeout in milliseconds after which it is killed; two minutes by default. */
  timeout?: number;
};

/** The result of a client. */
export type ClientResult = { status: number | null; stdout: string; stderr: string };

/** The folder of the installation. */
export function referenceHome(): string {
  return process.env.MINTAKA_REFERENCE_HOME ?? join(homedir(), '.cache', 'mintaka-reference');
}

/**
 * Installs the reference once (later calls find it) and returns functions to use it.
 * @throws Error that names what is missing, such as Python.
 */
export function installReference(): Reference {
  const home = referenceHome();
  const environment = join(home, `prefect-${referenceVersion}`);
  if (!existsSync(join(environment, 'bin', 'prefect'))) install(home, environment);
  const bin = join(environment, 'bin');
  return {
    python: join(bin, 'python'),
    start: (options) => start(bin, options),
    run: (server, args, options) => runClient(bin, 'python', server, args, options),
    cli: (server, args, options) => runClient(bin, 'prefect', server, args, options),
  };
}

function install(home: string, environment: string): void {
  requirePython();
  mkdirSync(home, { recursive: true });
  const tools = join(home, 'uv');
  const uv = join(tools, 'bin', 'uv');
  execute('python3', ['-m', 'venv', tools]);
  execute(join(tools, 'bin', 'pip'), ['install', '--quiet', 'uv']);
  execute(uv, ['venv', '--quiet', '--python', '3.11', environment]);
  const target = ['--python', join(environment, 'bin', 'python'), '--exclude-newer', packagesUntil];
  execute(uv, ['pip', 'install', '--quiet', ...target, `prefect==${referenceVersion}`]);
}

function requirePython(): void {
  const found = spawnSync('python3', ['-m', 'pip', '--version'], { encoding: 'utf8' });
  if (found.status === 0) return;
  throw new Error('The reference needs python3 with pip and venv; they are not installed.');
}

function execute(command: string, args: string[]): void {
  const result = spawnSync(command, args, { encoding: 'utf8' });
  if (result.status === 0) return;
  const reason = result.error?.message ?? result.stderr;
  throw new Error(`The reference cannot be installed: ${command} ${args.join(' ')} failed: ${reason}`);
}

function start(bin: string, { database, loops = false, settings }: ServerOptions): Promise<RunningServer> {
  return startInFolder('reference', ({ folder, port }) => ({
    command: join(bin, 'python'),
    args: ['-m', 'uvicorn', '--factory', 'prefect.orion.api.server:create_app', '--port', `${port}`],
    env: cleanEnvironment({
      PREFECT_HOME: folder,
      PREFECT_API_URL: '',
      PREFECT_ORION_ANALYTICS_ENABLED: 'false',
      PREFECT_ORION_DATABASE_CONNECTION_URL: database.url,
      ...(loops ? {} : quietSettings),
      ...settings,
    }),
  }));
}

async function runClient(
  bin: string,
  command: string,
  server: { url: string },
  args: string[],
  options: RunOptions = {},
): Promise<ClientResult> {
  const profile = mkdtempSync(join(tmpdir(), 'mintaka-client-'));
  const env = cleanEnvironment({
    PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
    PREFECT_HOME: profile,
    // Sets of strings, such as a run's tags, are then in the same order in every run.
    PYTHONHASHSEED: '0',
    PREFECT_API_URL: `${server.url}/api`,
    ...options.env,
  });
  try {
    return await collect(
      spawn(join(bin, command), args, { env, detached: true }),
      options.timeout ?? 120_000,
    );
  } finally {
    rmSync(profile, { recursive: true, force: true });
  }
}

/**
 * Waits for a client. Kills it and its child processes after the timeout, and leftover child processes after it
 * exits.
 */
async function collect(child: ChildProcessWithoutNullStreams, timeout: number): Promise<ClientResult> {
  child.stdin.end();
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), timeout);
  child.once('exit', () => {
    clearTimeout(timer);
    signalGroup(child, 'SIGKILL');
  });
  const [stdout, stderr, status] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    }),
  ]);
  return { status, stdout, stderr };
}

if (import.meta.main) console.log(installReference().python);
