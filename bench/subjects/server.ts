import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '@mintaka/testing/process';
import { factsOf, type ProcessFacts } from './process-facts.ts';
import { commandOf, type Subject } from './subject.ts';

/** A server under test, in a process group of its own. */
export type RunningServer = {
  port: number;
  /** The id of its process group. */
  group: number;
  /** Seconds from its start to its first answer to /api/health. */
  startSeconds: number;
  facts: () => ProcessFacts;
  /** Asks it to end (SIGTERM) and waits until it has; kills it when it does not. */
  stop: () => Promise<void>;
  /** kill -9, and waits until it is gone. */
  kill: () => Promise<void>;
};

const startLimit = 120_000;
const stopLimit = 10_000;
const healthInterval = 10;
const running = new Set<number>();

process.once('exit', () => {
  for (const group of running) signal(group, 'SIGKILL');
});
for (const interrupt of ['SIGINT', 'SIGTERM'] as const) process.once(interrupt, () => process.exit(1));

/**
 * Starts a server on a database, its background loops off unless `loops` is set, and waits for its first answer.
 * Throws, with what it printed, when it ends or does not answer in time.
 */
export async function startServer(
  subject: Subject,
  databaseUrl: string,
  home: string,
  options: { loops?: boolean } = {},
): Promise<RunningServer> {
  const port = await freePort();
  const { command, args, env } = commandOf(subject, { ...options, port, databaseUrl, home });
  const start = performance.now();
  const child = spawn(command, args, { env, detached: true, stdio: 'pipe' });
  const group = child.pid;
  if (group === undefined) throw new Error(`${subject} cannot be started: ${command}`);
  running.add(group);
  const printed = collect(child);
  const gone = once(child, 'close').then(() => running.delete(group));
  await waitForHealth(subject, child, port, printed);
  const end = async (name: NodeJS.Signals) => {
    signal(group, name);
    const killer = setTimeout(() => signal(group, 'SIGKILL'), stopLimit);
    await gone;
    clearTimeout(killer);
  };
  return {
    port,
    group,
    startSeconds: (performance.now() - start) / 1000,
    facts: () => factsOf(group),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

async function waitForHealth(subject: Subject, child: ChildProcess, port: number, printed: () => string) {
  const deadline = performance.now() + startLimit;
  while (performance.now() < deadline && child.exitCode === null && child.signalCode === null) {
    const healthy = await fetch(`http://127.0.0.1:${port}/api/health`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (healthy) return;
    await pause(healthInterval);
  }
  if (child.pid !== undefined) signal(child.pid, 'SIGKILL');
  throw new Error(`${subject} did not start:\n${printed()}`);
}

/** Keeps the end of what a process prints. */
function collect(child: ChildProcess): () => string {
  let printed = '';
  const keep = (chunk: Buffer) => {
    printed = (printed + chunk.toString()).slice(-4000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return () => printed;
}

function signal(group: number, name: NodeJS.Signals): void {
  try {
    process.kill(-group, name);
  } catch {
    // The group has ended by itself.
  }
}
