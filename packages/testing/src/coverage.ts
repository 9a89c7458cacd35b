import { subscribe } from 'node:diagnostics_channel';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Which operations, such as `GET /api/flows/{id}`, succeeded in which test files. */
export type Coverage = Record<string, string[]>;

/** The operations that one process recorded. */
type Notes = { file: string; operations: string[] };

const variable = 'MINTAKA_TEST_COVERAGE_FOLDER';
const root = fileURLToPath(new URL('../../../', import.meta.url));
const recorded = new URL('../../../tools/docs/api-coverage.json', import.meta.url);

/** The tests that docs/api.md lists. */
export function readCoverage(): Coverage {
  return JSON.parse(readFileSync(recorded, 'utf8'));
}

/**
 * Records the operations that succeed in this process, if {@link startCoverage} requested it; writes the record at
 * exit.
 */
export function noteCoverage(): void {
  const folder = process.env[variable];
  if (folder === undefined) return;
  const succeeded = new Set<string>();
  subscribe('tracing:fastify.request.handler:start', (message) => {
    const { operation, response } = readMessage(message);
    response?.once('finish', () => {
      if (response.statusCode < 300 && isOfApi(operation)) succeeded.add(operation);
    });
  });
  process.once('exit', () => {
    const notes: Notes = { file: relative(root, process.argv[1] ?? ''), operations: [...succeeded] };
    writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify(notes));
  });
}

/** The operation of a request that Fastify passes to its handler, and the answer. */
function readMessage(message: unknown): { operation: string; response: ServerResponse | undefined } {
  const route = part(message, 'route');
  const raw = part(part(message, 'reply'), 'raw');
  const path = String(part(route, 'url')).replace(/:(\w+)(?:\([^)]*\))?/g, '{$1}');
  return {
    operation: `${part(route, 'method')} ${path}`,
    response: raw instanceof ServerResponse ? raw : undefined,
  };
}

/** Whether it belongs to the API, and not to the pages and files of the server. */
function isOfApi(operation: string): boolean {
  return /^[A-Z]+ \/api\/(?!docs|static|openapi)/.test(operation);
}

function part(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** Starts recording which operations the following test files cover; returns the argument for {@link endCoverage}. */
export function startCoverage(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mintaka-coverage-'));
  process.env[variable] = folder;
  return folder;
}

/**
 * Reads the records of a run of all tests. `MINTAKA_TEST_COVERAGE=write` stores them for docs/api.md; if all tests
 * are required, they are compared with it.
 * @throws Error if a test file no longer covers an operation that docs/api.md lists for it.
 */
export function endCoverage(folder: string): void {
  const seen = gather(folder);
  rmSync(folder, { recursive: true, force: true });
  if (process.env.MINTAKA_TEST_COVERAGE === 'write') {
    writeFileSync(recorded, `${JSON.stringify(seen, undefined, 2)}\n`);
  } else if (process.env.MINTAKA_TEST_REQUIRE_ALL !== undefined) {
    const untrue = Object.entries(readCoverage()).flatMap(([operation, files]) =>
      files.filter((file) => !seen[operation]?.includes(file)).map((file) => `${operation} in ${file}`),
    );
    if (untrue.length === 0) return;
    const fault = `docs/api.md lists tests that no longer cover their operations: ${untrue.join(', ')}`;
    // The test runner exits with 1 for an error of the teardown, but does not print it.
    process.stderr.write(`${fault}\n`);
    throw new Error(fault);
  }
}

function gather(folder: string): Coverage {
  const seen = new Map<string, Set<string>>();
  for (const name of readdirSync(folder)) {
    const notes: Notes = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    for (const operation of notes.operations) {
      seen.set(operation, (seen.get(operation) ?? new Set()).add(notes.file));
    }
  }
  const operations = [...seen.keys()].toSorted();
  return Object.fromEntries(operations.map((name) => [name, [...(seen.get(name) ?? [])].toSorted()]));
}
