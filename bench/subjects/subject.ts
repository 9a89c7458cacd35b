import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cleanEnvironment } from '@mintaka/testing/process';
import { installReference, quietSettings } from '@mintaka/testing/reference';
import type { Dialect } from './databases.ts';

/** The servers that are measured; `prototype` is the bare one of `prototype.ts`. */
export type Subject = 'mintaka' | 'reference' | 'prototype';

/** How to start a server; `env` is its whole environment. */
export type ServerCommand = { command: string; args: string[]; env: Record<string, string> };

const root = fileURLToPath(new URL('../..', import.meta.url));
const prototype = fileURLToPath(new URL('prototype.ts', import.meta.url));

/**
 * The command that starts a server on a port and a database (a URL in Prefect's format), as its users start it, with
 * background loops only if `loops` is set; `home` is for its other files.
 */
export function commandOf(
  subject: Subject,
  options: { port: number; databaseUrl: string; home: string; loops?: boolean },
): ServerCommand {
  const env = cleanEnvironment({
    ...(options.loops === true ? {} : quietSettings),
    PREFECT_ORION_ANALYTICS_ENABLED: 'false',
    PREFECT_API_URL: '',
    PREFECT_HOME: options.home,
    PREFECT_ORION_API_HOST: '127.0.0.1',
    PREFECT_ORION_API_PORT: String(options.port),
    PREFECT_ORION_DATABASE_CONNECTION_URL: options.databaseUrl,
  });
  if (subject === 'mintaka') {
    return { command: process.execPath, args: [...profilerArguments(), ...startArguments()], env };
  }
  if (subject === 'prototype') {
    const [dialect, database] = targetOf(options.databaseUrl);
    const args = ['--dialect', dialect, '--database', database, '--port', String(options.port)];
    return { command: process.execPath, args: [prototype, ...args], env };
  }
  const bin = dirname(installReference().python);
  // Prefect finds its server program through the PATH.
  return {
    command: join(bin, 'prefect'),
    args: ['orion', 'start'],
    env: { ...env, PATH: `${bin}:${env.PATH}` },
  };
}

/** The target of the bare driver for a database URL in Prefect's format. */
function targetOf(databaseUrl: string): [Dialect, string] {
  const file = databaseUrl.split('sqlite+aiosqlite:///')[1];
  return file === undefined ? ['postgres', databaseUrl.replace('+asyncpg', '')] : ['sqlite', file];
}

/** The arguments that `npm start` passes to Node: its flags and the file. */
function startArguments(): string[] {
  const manifest: { scripts: { start: string } } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  const words = manifest.scripts.start.replace(/^exec node /, '').split(' ');
  return words.map((word) => (word.startsWith('-') ? word : resolve(root, word)));
}

/** With MINTAKA_BENCH_PROFILE=FOLDER, our server writes a CPU profile there when it exits. */
function profilerArguments(): string[] {
  const folder = process.env.MINTAKA_BENCH_PROFILE;
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`];
}
