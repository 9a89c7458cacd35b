import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { createDatabase, type Dialect } from '@mintaka/testing/databases';
import { startOurs } from '@mintaka/testing/ours';
import { cleanEnvironment, signalGroup } from '@mintaka/testing/process';
import { installFuzzer } from './install.ts';

/** What must not happen for any request. */
const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_schema_conformance',
];

/**
 * How requests are generated: `coverage` uses the boundaries of each schema, one by one; `fuzzing` random values; `stateful`
 * continues with the content of answers.
 */
export type Phase = 'coverage' | 'fuzzing' | 'stateful';

/** A run against our server. */
export type FuzzOptions = {
  dialect: Dialect;
  phases: readonly Phase[];
  /** The same seed generates the same requests. */
  seed: number;
  /** How many requests by chance an operation gets. */
  examples: number;
};

/** The result of a run. */
export type FuzzResult = {
  /** Whether nothing was found. */
  passed: boolean;
  /** The number of requests. */
  cases: number;
  /** How they were answered, and how many operations did their work, in one line. */
  answers: string;
  /** The output of Schemathesis. */
  output: string;
};

/** The timeout of a run, in milliseconds. */
const timeout = 15 * 60_000;

/** Sends generated requests to every described operation, except those that change the whole database. */
export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const program = installFuzzer();
  const database = await createDatabase(options.dialect, 'fuzz');
  try {
    const server = await startOurs({ database });
    try {
      return readResult(await run(program, server.url, options));
    } finally {
      await server.stop();
    }
  } finally {
    await database.drop();
  }
}

async function run(program: string, url: string, { phases, seed, examples }: FuzzOptions) {
  // Schemathesis writes files to its working directory.
  const folder = mkdtempSync(join(tmpdir(), 'mintaka-fuzz-'));
  const chosen = ['--phases', phases.join(','), '--seed', `${seed}`, '--max-examples', `${examples}`];
  const child = spawn(
    program,
    [
      ...['run', `${url}/openapi.json`, '--url', url, '--checks', checks.join(','), ...chosen],
      ...['--exclude-path-regex', '^/api/admin/database/', '--continue-on-failure'],
      ...['--generation-database', 'none', '--no-color', '--warnings', 'off'],
    ],
    {
      cwd: folder,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: cleanEnvironment({
        SCHEMATHESIS_HOOKS: 'known',
        PYTHONPATH: [fileURLToPath(new URL('.', import.meta.url)), process.env.PYTHONPATH ?? ''].join(
          delimiter,
        ),
        PYTHONDONTWRITEBYTECODE: '1',
        MINTAKA_FUZZ_URL: url,
        MINTAKA_FUZZ_SEED: `${seed}`,
      }),
    },
  );
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), timeout);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  try {
    const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { output: stdout + stderr, status };
  } finally {
    clearTimeout(timer);
    rmSync(folder, { recursive: true, force: true });
  }
}

function readResult({ output, status }: { output: string; status: number | null }): FuzzResult {
  return {
    passed: status === 0,
    cases: Number(/(\d+) generated/.exec(output)?.[1] ?? 0),
    answers: /^answers: (.*)$/m.exec(output)?.[1] ?? '',
    output,
  };
}
