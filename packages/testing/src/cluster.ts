import { execFileSync } from 'node:child_process';
import { accessSync, chownSync, constants, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort } from './process.ts';

/** A Postgres server for tests. */
export type Cluster = {
  url: string;
  /** Stops it immediately, like a crash. */
  crash(): void;
  /** Restarts it after a crash; it recovers. */
  restart(): void;
  /** Suspends all its processes; the operating system still accepts connections for them. */
  freeze(): void;
  /** Resumes them. */
  thaw(): void;
  /** Stops it and removes its files. Idempotent. */
  stop(): void;
};

/** A Postgres server refuses to run as root; in that case it runs as one of these users. */
type Account = { uid?: number; gid?: number };

/** Which data a {@link Cluster} keeps after a crash. Weaker levels make tests faster. */
export type Durability =
  /** Nothing of the last moments. */
  | 'none'
  /** Every commit if its processes crash; not if the machine does. */
  | 'commits'
  /** Every commit, as on an operator's server. */
  | 'full';

const durabilitySettings: Readonly<Record<Durability, string>> = {
  none: '-c fsync=off -c synchronous_commit=off -c full_page_writes=off',
  commits: '-c fsync=off -c synchronous_commit=on -c full_page_writes=off',
  full: '',
};

/** Starts a Postgres server in a temporary folder; undefined if Postgres is not installed. Takes a second or two. */
export async function startCluster(durability: Durability = 'none'): Promise<Cluster | undefined> {
  const binaries = findBinaries();
  if (binaries === undefined) return undefined;
  const account = accountForServer();
  const folder = mkdtempSync(join(tmpdir(), 'mintaka-postgres-'));
  if (account.uid !== undefined) chownSync(folder, account.uid, account.gid ?? account.uid);
  const data = join(folder, 'data');
  const port = await freePort();
  const run = (program: string, ...args: string[]) =>
    execFileSync(join(binaries, program), args, { ...account, cwd: folder, stdio: 'ignore' });

  const settings = [
    `-c port=${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=`,
    durabilitySettings[durability],
    '-c max_connections=300 -c jit=off',
  ].join(' ');
  run(
    'initdb',
    '--pgdata',
    data,
    '--username',
    'postgres',
    '--auth',
    'trust',
    '--encoding',
    'UTF8',
    '--locale',
    'C',
    '--no-sync',
  );
  const start = () =>
    run('pg_ctl', 'start', '--wait', '--pgdata', data, '--log', join(folder, 'log'), '--options', settings);
  const crash = () => run('pg_ctl', 'stop', '--mode', 'immediate', '--pgdata', data);
  const signal = (name: NodeJS.Signals) => {
    const [parent = ''] = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
    const children = execFileSync('pgrep', ['-P', parent], { encoding: 'utf8' }).trim().split('\n');
    for (const pid of [parent, ...children]) process.kill(Number(pid), name);
  };
  start();
  let isStopped = false;
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    crash,
    restart: start,
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    stop: () => {
      if (isStopped) return;
      isStopped = true;
      crash();
      rmSync(folder, { recursive: true });
    },
  };
}

function findBinaries(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const onPath = (process.env.PATH ?? '').split(delimiter);
  return [...versionsIn(debian).map((version) => join(debian, version, 'bin')), ...onPath].find(hasServer);
}

function versionsIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort((a, b) => Number(b) - Number(a));
  } catch {
    return [];
  }
}

function hasServer(folder: string): boolean {
  try {
    for (const program of ['initdb', 'pg_ctl', 'postgres']) accessSync(join(folder, program), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function accountForServer(): Account {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = [idOf('-u'), idOf('-g')];
  return { uid, gid };
}

function idOf(option: '-u' | '-g'): number {
  const nobody = 65534;
  try {
    return Number(execFileSync('id', [option, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    return nobody;
  }
}
