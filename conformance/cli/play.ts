import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Reference } from '@mintaka/testing/reference';
import type { Step } from './commands.ts';

/** The result of one command line. */
export type Result = {
  line: string;
  /** Its exit code; -1 for any other ending. */
  status: number;
  stdout: string;
  stderr: string;
  /** Its requests, as `METHOD path status`; empty for those in a separate process. */
  requests: string[];
  seconds: number;
};

/** All that command lines left on one server. */
export type Transcript = { server: string; folders: string[]; results: Result[] };

/** One command of the installed command line, with the names of each of its options. */
export type Command = { name: string; options: string[][] };

const environment = {
  // Wide enough that no table is cut; fixed, so that both sides wrap in the same way.
  COLUMNS: '240',
  PREFECT_CLI_COLORS: 'false',
  PREFECT_EXPERIMENTAL_ENABLE_WORKERS: 'true',
  TZ: 'UTC',
};

/** Runs command lines on a server, in order. */
export async function playCommands(
  reference: Reference,
  server: { url: string },
  steps: readonly Step[],
): Promise<Transcript> {
  const folder = mkdtempSync(join(tmpdir(), 'mintaka-steps-'));
  const file = join(folder, 'steps.json');
  writeFileSync(file, JSON.stringify(steps));
  try {
    const output = await runPython(reference, server, ['player.py', file]);
    const transcript: Omit<Transcript, 'server'> = JSON.parse(output);
    return { ...transcript, server: new URL(server.url).host };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The commands that the installed command line has. */
export async function installedCommands(reference: Reference): Promise<Command[]> {
  // It sends no request, so any address works.
  return JSON.parse(await runPython(reference, { url: 'http://127.0.0.1:9' }, ['inventory.py']));
}

async function runPython(
  reference: Reference,
  server: { url: string },
  [script = '', ...args]: string[],
): Promise<string> {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const ended = await reference.run(server, [file, ...args], { env: environment, timeout: 600_000 });
  if (ended.status === 0) return ended.stdout;
  throw new Error(`${script} ended with ${ended.status}:\n${ended.stdout}\n${ended.stderr}`);
}
