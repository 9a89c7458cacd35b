import { localCommands, notPlayed, type Step } from './commands.ts';
import type { Command } from './play.ts';

/** A name of a group of commands by another one. */
const aliases: Readonly<Record<string, string>> = {
  blocks: 'block',
  'block types': 'block type',
  'concurrency-limits': 'concurrency-limit',
  deployments: 'deployment',
  flows: 'flow',
  'flow-runs': 'flow-run',
  profiles: 'profile',
  'work-queues': 'work-queue',
};

/** The command of a line; undefined without one, as for `--version`. */
export function commandOf(line: string, commands: readonly Command[]): Command | undefined {
  const plain = Object.entries(aliases).reduce(
    (current, [alias, name]) =>
      current.startsWith(`${alias} `) ? name + current.slice(alias.length) : current,
    line,
  );
  return commands.find(({ name }) => plain === name || plain.startsWith(`${name} `));
}

/** The reason why a command is not run, if any. */
export function whyNotPlayed({ name }: Command): string | undefined {
  return Object.entries(notPlayed).find(([start]) => name === start || name.startsWith(`${start} `))?.[1];
}

/** Commands and options of the installed command line that no step uses, and unknown entries of our lists. */
export function findGaps(commands: readonly Command[], steps: readonly Step[]): string[] {
  const names = commands.map(({ name }) => name);
  const missing = commands
    .filter((command) => whyNotPlayed(command) === undefined)
    .flatMap((command) => {
      const lines = steps.map(({ line }) => line).filter((line) => commandOf(line, commands) === command);
      if (lines.length === 0) return [`${command.name} is not run`];
      return command.options
        .filter((option) => !lines.some((line) => option.some((name) => hasWord(line, name))))
        .map((option) => `${command.name} is not run with ${option.join(' or ')}`);
    });
  const unknown = [...localCommands, ...Object.keys(notPlayed)]
    .filter((listed) => !names.some((name) => name === listed || name.startsWith(`${listed} `)))
    .map((listed) => `${listed} is not a command`);
  return [...missing, ...unknown];
}

function hasWord(line: string, option: string): boolean {
  return line.split(' ').some((word) => word === option || word.startsWith(`${option}=`));
}
