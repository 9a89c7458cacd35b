import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A server that this process started and must stop. */
export type RunningServer = {
  /** Its address, without a trailing slash and without `/api`. */
  url: string;
  /** The id of its process group. */
  group: number;
  /** Seconds from its start to its first answer to /api/health. */
  startSeconds: number;
  /**
   * Terminates the server and its child processes (SIGTERM); kills them after ten seconds. Resolves when they have
   * exited.
   */
  stop(): Promise<void>;
  /** Kills the server and its child processes (SIGKILL); resolves when they have exited. */
  kill(): Promise<void>;
  /** Its output so far. */
  log(): string;
};

/** How to start a server. */
export type ServerCommand = {
  command: string;
  args: string[];
  /** The whole environment of the process. */
  env: Record<string, string>;
  port: number;
  /** The file that receives its output. */
  logFile: string;
  /** The timeout for /api/health after the start, in milliseconds; three minutes by default. */
  startTimeout?: number;
};

const running = new Set<ChildProcess>();

process.on('exit', () => {
  for (const child of running) signalGroup(child, 'SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

/** The timeout for stopping a server, in milliseconds; then it is killed. */
const stopTimeout = 10_000;
/**
 * The interval of health checks of a starting server, in milliseconds, which is the resolution of measured start
 * times.
 */
const healthInterval = 10;

/**
 * Starts a server in its own process group and waits until its health check succeeds. It stops at the latest with
 * this process.
 * @throws Error with its output if it exits or does not respond in time.
 */
export async function startServer(server: ServerCommand): Promise<RunningServer> {
  const output = openSync(server.logFile, 'a');
  const started = performance.now();
  const child = spawn(server.command, server.args, {
    env: server.env,
    stdio: ['ignore', output, output],
    detached: true,
  });
  closeSync(output);
  const group = child.pid;
  // A server that is not stopped, because another one failed to start, must not keep this process alive.
  child.unref();
  running.add(child);
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  }).then(() => {
    running.delete(child);
  });
  const url = `http://127.0.0.1:${server.port}`;
  const log = () => readFileSync(server.logFile, 'utf8');
  const end = async (signal: NodeJS.Signals) => {
    signalGroup(child, signal);
    const killer = setTimeout(() => signalGroup(child, 'SIGKILL'), stopTimeout);
    await ended;
    clearTimeout(killer);
  };
  const stop = () => end('SIGTERM');
  if (group !== undefined && (await answers(url, child, server.startTimeout ?? 180_000))) {
    const startSeconds = (performance.now() - started) / 1000;
    return { url, group, startSeconds, stop, kill: () => end('SIGKILL'), log };
  }
  await stop();
  throw new Error(`${server.command} ${server.args.join(' ')} does not respond at ${url}:\n${log()}`);
}

/**
 * Starts a server with a free port and its own temporary folder, which is removed when it stops.
 * @param name a part of the folder's name.
 */
export async function startInFolder(
  name: string,
  describe: (place: { folder: string; port: number }) => Pick<ServerCommand, 'command' | 'args' | 'env'>,
): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), `mintaka-${name}-`));
  const port = await freePort();
  const command = describe({ folder, port });
  const server = await startServer({ ...command, port, logFile: join(folder, 'server.log') });
  return {
    ...server,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A port of 127.0.0.1 that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  return address.port;
}

/** This process's environment without any setting of either server, plus the given settings. */
export function cleanEnvironment(settings: Record<string, string>): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^(PREFECT_|ORION_|MINTAKA_)/.test(entry[0]),
  );
  return { ...Object.fromEntries(kept), ...settings };
}

async function answers(url: string, child: ChildProcess, timeout: number): Promise<boolean> {
  const deadline = performance.now() + timeout;
  while (performance.now() < deadline && child.exitCode === null && child.signalCode === null) {
    const answer = await fetch(`${url}/api/health`).catch(() => undefined);
    if (answer?.ok) return true;
    await delay(healthInterval);
  }
  return false;
}

/** Signals a process that was started in its own group, and all its child processes. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has already exited.
  }
}
