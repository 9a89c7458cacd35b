import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** The program as `npm start` runs it. */
export const serverProgram = fileURLToPath(new URL('../../server/bin/mintaka-server.js', import.meta.url));

/** How a process exited, and its output. */
export type Ending = { code: number | null; output: string; errors: string };

/** A server in a child process. */
export type ServerProcess = {
  child: ChildProcess;
  /** Its URL, once it listens; rejects if it exits before. */
  url: Promise<string>;
  /** Resolves when it has exited and its output is closed. */
  ended: Promise<Ending>;
};

/** Starts a server on a free port with exactly the given settings. */
export function spawnServer(settings: Record<string, string>, args: readonly string[] = []): ServerProcess {
  return watchServer(
    spawn(process.execPath, [serverProgram, ...args], {
      env: { PATH: process.env.PATH, MINTAKA_API_PORT: '0', ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
}

/** Watches a process that runs a server, or that started one which writes to the same output. */
export function watchServer(child: ChildProcess & { stdout: Readable; stderr: Readable }): ServerProcess {
  let output = '';
  let errors = '';
  const listening = Promise.withResolvers<string>();
  listening.promise.catch(() => {});
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk;
    const url = /"url":"([^"]+)".*"msg":"Mintaka is ready"/.exec(output)?.[1];
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
