import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Dialect } from '@mintaka/testing/databases';
import { installReference } from '@mintaka/testing/reference';
import { localCommands, steps } from './commands.ts';
import { type Comparison, compareTranscripts, findFaults, findRequests, playOn } from './compare.ts';
import { findGaps } from './coverage.ts';
import { commandLinePage } from './page.ts';
import { type Command, installedCommands } from './play.ts';

/** The result of all command lines. */
export type Outcome = {
  commands: Command[];
  /** The comparisons, by the database of our server. */
  comparisons: Map<Dialect, Comparison[]>;
  /** All problems, as text; empty if there are none. */
  faults: string[];
};

/**
 * Runs all command lines on the reference and then on our server with each database. The reference uses SQLite, or with
 * `each` also each database.
 */
export async function runCommandLines(
  dialects: readonly Dialect[],
  plays: 'once' | 'each' = 'once',
): Promise<Outcome> {
  const reference = installReference();
  const commands = await installedCommands(reference);
  const theirs = await playOn('reference', 'sqlite', reference);
  const comparisons = new Map<Dialect, Comparison[]>();
  for (const dialect of dialects) {
    const same = dialect === 'sqlite' || plays === 'each';
    const left = dialect !== 'sqlite' && same ? await playOn('reference', dialect, reference) : theirs;
    const ours = await playOn('ours', dialect, reference);
    comparisons.set(dialect, compareTranscripts(left, ours, same ? 'same' : 'different'));
  }
  const found = [...comparisons].flatMap(([dialect, list]) =>
    [...findFaults(list), ...findRequests(list, localCommands)].map((fault) => `${dialect}: ${fault}`),
  );
  return { commands, comparisons, faults: [...findGaps(commands, steps), ...found] };
}

/** The page of a result: that of the last database, because the others may not differ from it without a fault. */
export function outcomePage({ commands, comparisons }: Outcome): string {
  return commandLinePage(commands, [...comparisons.values()].at(-1) ?? []);
}

/** The first faults as text: if an id is missing, everything numbered after it differs too. */
export function describeFaults({ faults }: Outcome): string {
  const shown = faults.slice(0, 10);
  return [...shown, ...(faults.length > shown.length ? [`and ${faults.length - 10} more`] : [])].join('\n');
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      dialect: { type: 'string', multiple: true, default: ['sqlite', 'postgres'] },
      'reference-each': { type: 'boolean', default: false },
      show: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  });
  const outcome = await runCommandLines(
    values.dialect.map((dialect) => (dialect === 'postgres' ? 'postgres' : 'sqlite')),
    values['reference-each'] ? 'each' : 'once',
  );
  if (values.show) {
    for (const { ours } of [...outcome.comparisons.values()].at(-1) ?? []) {
      console.log(`$ prefect ${ours.line}\n[${ours.status}]\n${ours.stdout}${ours.stderr}${ours.requests}\n`);
    }
  }
  if (values.write)
    writeFileSync(new URL('../../docs/command-line.md', import.meta.url), outcomePage(outcome));
  console.log(describeFaults(outcome) || 'Every command line has the same result as on the reference.');
  process.exitCode = outcome.faults.length === 0 ? 0 : 1;
}
