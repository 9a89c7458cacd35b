import { parseArgs } from 'node:util';
import type { Source } from '@mintaka/settings';
import { ownVersion, productVersion } from './http/version.ts';

/** The parsed command line. */
export type Command =
  /** Run a server with these settings, which take precedence over the environment. */
  | { kind: 'run'; settings: Source }
  /** Print a text and exit. */
  | { kind: 'print'; text: string }
  /** The arguments are wrong; `problem` is one line. */
  | { kind: 'refuse'; problem: string };

/** The options that set a setting. */
const settingOptions = [
  ['host', 'PREFECT_ORION_API_HOST'],
  ['port', 'PREFECT_ORION_API_PORT'],
  ['database-url', 'PREFECT_ORION_DATABASE_CONNECTION_URL'],
  ['home', 'PREFECT_HOME'],
  ['log-level', 'PREFECT_LOGGING_SERVER_LEVEL'],
] as const;

const options = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
  host: { type: 'string' },
  port: { type: 'string' },
  'database-url': { type: 'string' },
  home: { type: 'string' },
  'log-level': { type: 'string' },
} as const;

/** One line about how the program is called. */
export const usage = 'Usage: mintaka-server [options]; --help lists the options.';

const help = `Usage: mintaka-server [options]

Runs the Mintaka server in the foreground, until SIGTERM or SIGINT.

  --host ADDRESS       listen on this address; 127.0.0.1 by default, 0.0.0.0 for all
  --port PORT          listen on this port; 4200 by default, 0 for any free port
  --database-url URL   use this database: sqlite:////absolute/path.db or
                       postgresql://user:password@host:5432/name
  --home FOLDER        keep the default database and profiles.toml in this folder; ~/.mintaka by default
  --log-level LEVEL    ERROR, WARNING, INFO or DEBUG; WARNING by default
  -v, --version        print the version
  -h, --help           print this text

Other users of this machine can see the options, so put a password into the setting
MINTAKA_DATABASE_CONNECTION_URL instead. All settings are environment variables: see docs/settings.md.
`;

/** Reads the arguments that follow the name of the program. */
export function readCommandLine(args: readonly string[]): Command {
  try {
    const { values } = parseArgs({ args: [...args], options });
    if (values.help === true) return { kind: 'print', text: help };
    if (values.version === true) return { kind: 'print', text: `${version()}\n` };
    const texts = new Map<string, string>();
    for (const [name, setting] of settingOptions) {
      const value = values[name];
      if (value !== undefined) texts.set(setting, value);
    }
    return { kind: 'run', settings: { texts, callsIt: optionOf } };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { kind: 'refuse', problem: error.message.split('. ', 1)[0] ?? error.message };
  }
}

function optionOf(setting: string): string {
  const found = settingOptions.find(([, name]) => name === setting);
  return found === undefined ? setting : `--${found[0]}`;
}

function version(): string {
  return `mintaka-server ${ownVersion()} (REST API of Prefect ${productVersion}, Node ${process.versions.node})`;
}
