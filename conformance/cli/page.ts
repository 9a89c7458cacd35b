import { localCommands } from './commands.ts';
import type { Comparison } from './compare.ts';
import { commandOf, whyNotPlayed } from './coverage.ts';
import { explain } from './explained.ts';
import type { Command } from './play.ts';

/** Renders docs/command-line.md: every command of the real command line, and its result on our server. */
export function commandLinePage(commands: readonly Command[], comparisons: readonly Comparison[]): string {
  const played = commands.filter((command) => whyNotPlayed(command) === undefined);
  const other = commands.filter((command) => whyNotPlayed(command) !== undefined);
  const lines = comparisons.filter(({ reference }) => !reference.line.startsWith('@'));
  return `# The command line of Prefect 2.8.0

\`npx node conformance/cli/run.ts --write\` generates this page. It runs each command line on Prefect's own server and
on Mintaka, on SQLite and on Postgres. "Same" means the same exit code, the same output and the same requests with
the same status codes, after ids, times, generated names and addresses are replaced by placeholders. An exit code of 1 or 2 is a failure that is the same on both servers.

${lines.length} command lines were run; ${lines.filter(({ reference }) => reference.status === 0).length} of them succeed, and the others fail as intended.

## Commands

| command | uses the server | command lines | result |
| --- | --- | --- | --- |
${played.map((command) => commandRow(command, commands, lines)).join('\n')}

Not run:

${other.map((command) => `- \`prefect ${command.name}\`: ${whyNotPlayed(command)}.`).join('\n')}

## Command lines

The lines are in the order in which they run; each sees the effects of the earlier ones. \`$name\` is the id of an object that an earlier line created.

| command line | exit code | result |
| --- | --- | --- |
${lines.map(lineRow).join('\n')}
`;
}

function commandRow(command: Command, commands: readonly Command[], all: readonly Comparison[]): string {
  const own = all.filter(({ reference }) => commandOf(reference.line, commands) === command);
  const reasons = new Set(own.flatMap((comparison) => result(comparison) ?? []));
  const asks = localCommands.includes(command.name) ? 'no' : 'yes';
  return `| \`prefect ${command.name}\` | ${asks} | ${own.length} | ${[...reasons].join('; ') || 'same'} |`;
}

function lineRow(comparison: Comparison): string {
  const line = comparison.reference.line.replaceAll('|', '\\|');
  return `| \`${line}\` | ${comparison.reference.status} | ${result(comparison) ?? 'same'} |`;
}

function result({ reference, differences }: Comparison): string | undefined {
  if (differences.length === 0) return undefined;
  return explain(reference.line)?.reason ?? 'different';
}
