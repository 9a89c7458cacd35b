import { localCommands } from './commands.ts';
import type { Comparison } from './compare.ts';
import { commandOf, whyNotPlayed } from './coverage.ts';
import { explain } from './explained.ts';
import type { Command } from './play.ts';

/** The text of docs/command-line.md: every command of the real command line, and how it came out on our server. */
export function commandLinePage(commands: readonly Command[], comparisons: readonly Comparison[]): string {
  const played = commands.filter((command) => whyNotPlayed(command) === undefined);
  const other = commands.filter((command) => whyNotPlayed(command) !== undefined);
  const lines = comparisons.filter(({ reference }) => !reference.line.startsWith('@'));
  return `# The command line of Prefect 2.8.0

This page is made by \`npx node conformance/cli/run.ts --write\`, which plays each command line on Prefect's own server and
on ours, on SQLite and on Postgres. "Same" means: the same exit code, the same text on both outputs and the same requests with
the same status codes, once ids, times, generated names and addresses are named. An exit code of 1 or 2 is a failure that both servers bring about alike.

${lines.length} command lines were played; ${lines.filter(({ reference }) => reference.status === 0).length} of them succeed and the others fail as they should.

## Commands

| command | asks the server | command lines | result |
| --- | --- | --- | --- |
${played.map((command) => commandRow(command, commands, lines)).join('\n')}

Not played:

${other.map((command) => `- \`prefect ${command.name}\`: ${whyNotPlayed(command)}.`).join('\n')}

## Command lines

In the order in which they are played; each finds what those before it have left. \`$name\` is the id of something that an earlier one made.

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
