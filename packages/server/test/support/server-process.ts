import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** How a process ended, and all that it wrote. */
export type Ending = { code: number | null; output: string; errors: string };

/** A server in a process of its own. */
export type ServerProcess = {
  child: ChildProcess;
  /** Where it listens, once it says so; rejects where it ends before. */
  url: Promise<string>;
  ended: Promise<Ending>;
};

/** Starts a server on a free port with the given settings and no others. */
export function spawnServer(settings: Record<string, string>): ServerProcess {
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH, MINTAKA_API_PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  const listening = Promise.withResolvers<string>();
  listening.promise.catch(() => {});
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk;
    const url = /listens on (\S+),/.exec(output)?.[1];
    if (url !== undefined) listening.resolve(url);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk;
  });
  const ended = new Promise<Ending>((resolve) => {
    child.once('close', (code) => {
      listening.reject(new Error(`the server ended: ${output}${errors}`));
      resolve({ code, output, errors });
    });
  });
  return { child, url: listening.promise, ended };
}
