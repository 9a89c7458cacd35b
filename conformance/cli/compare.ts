import { createDatabase, type Dialect } from '@mintaka/testing/databases';
import { startOurs } from '@mintaka/testing/ours';
import type { RunningServer } from '@mintaka/testing/process';
import { installReference, type Reference, type ServerOptions } from '@mintaka/testing/reference';
import { steps } from './commands.ts';
import { explain, explanations } from './explained.ts';
import { type Named, nameResults } from './naming.ts';
import { playCommands, type Transcript } from './play.ts';

/** The compared parts of a command line. */
export type Part = 'status' | 'stdout' | 'stderr' | 'requests';

/** A difference in one part: the first two different lines. */
export type Difference = { part: Part; reference: string; ours: string };

/** The results of one command line on both servers. */
export type Comparison = { reference: Named; ours: Named; differences: Difference[] };

/** Runs all command lines on a new server: the reference, or ours. */
export async function playOn(
  whose: 'reference' | 'ours',
  dialect: Dialect,
  reference: Reference = installReference(),
): Promise<Transcript> {
  const database = await createDatabase(dialect, `cli_${whose}`);
  const start: (options: ServerOptions) => Promise<RunningServer> =
    whose === 'reference' ? reference.start : startOurs;
  try {
    const server = await start({ database, settings: { PREFECT_ORION_BLOCKS_REGISTER_ON_START: 'true' } });
    try {
      return await playCommands(reference, server, steps);
    } finally {
      await server.stop();
    }
  } finally {
    await database.drop();
  }
}

/**
 * Compares exit codes, both outputs and the requests, line by line of the table. If the databases differ, the order of words
 * is ignored: Postgres stores the fields of JSON in its own order.
 */
export function compareTranscripts(
  reference: Transcript,
  ours: Transcript,
  databases: 'same' | 'different' = 'same',
): Comparison[] {
  const right = nameResults(ours);
  return nameResults(reference).flatMap((left, index) => {
    const other = right[index];
    if (other === undefined) throw new Error(`${left.line} was not run on our server.`);
    const broken = [left, other].find(({ line, status }) => line.startsWith('@') && status !== 0);
    if (broken !== undefined) throw new Error(`${broken.line} failed:\n${broken.stderr}`);
    if (left.line.startsWith('@') && !left.line.startsWith('@show')) return [];
    return [{ reference: left, ours: other, differences: differ(left, other, databases) }];
  });
}

/** Unexplained differences, and unused explanations, as text. */
export function findFaults(comparisons: readonly Comparison[]): string[] {
  const faults = comparisons.flatMap(({ reference, differences }) => {
    const parts: readonly Part[] = explain(reference.line)?.parts ?? [];
    return differences
      .filter(({ part }) => !parts.includes(part))
      .map(
        (found) => `prefect ${reference.line}\n  ${found.part}\n  - ${found.reference}\n  + ${found.ours}`,
      );
  });
  const different = comparisons.filter(({ differences }) => differences.length > 0);
  const idle = explanations
    .flatMap(({ lines }) => lines)
    .filter((line) => !different.some(({ reference }) => reference.line === line));
  return [...faults, ...idle.map((line) => `prefect ${line}\n  is explained but not different`)];
}

/** Lines of commands that are declared to send no request but do. */
export function findRequests(comparisons: readonly Comparison[], local: readonly string[]): string[] {
  return comparisons
    .map(({ reference }) => reference)
    .filter(({ line, requests }) => requests !== '' && local.some((name) => line.startsWith(name)))
    .map(({ line }) => `prefect ${line} sends a request`);
}

function differ(left: Named, right: Named, databases: 'same' | 'different'): Difference[] {
  const parts: readonly Part[] = ['status', 'stdout', 'stderr', 'requests'];
  return parts.flatMap((part) => {
    if (left[part] === right[part]) return [];
    if (databases === 'different' && sortWords(left[part]) === sortWords(right[part])) return [];
    const [theirs, own] = [`${left[part]}`.split('\n'), `${right[part]}`.split('\n')];
    const first = theirs.findIndex((text, index) => text !== own[index]);
    const place = first < 0 ? theirs.length : first;
    const show = (lines: string[]) => lines.slice(place, place + 2).join('\n    ');
    return [{ part, reference: show(theirs), ours: show(own) }];
  });
}

function sortWords(text: string | number): string {
  return `${text}`
    .split(/[\s,{}()[\]]+/)
    .toSorted()
    .join(' ');
}
