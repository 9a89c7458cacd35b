import type { Logger } from 'pino';
import { DatabaseUnavailableError } from './database/errors.ts';
import { createLog } from './log.ts';
import {
  type Environment,
  readSettings,
  type ServerSettings,
  SettingsError,
  type Source,
} from './settings.ts';
import { CannotListenError, type RunningServer, startServer } from './start.ts';
import type { StopSignals } from './stop-signals.ts';

/** How long the server may take to stop before the process ends anyway, in milliseconds. */
const stopLimitMilliseconds = 30_000;

/**
 * Runs a server in this process until a signal stops it. Configuration errors are printed as one line on stderr, with exit
 * code 1.
 * @param overrides settings that take precedence over the environment.
 */
export async function runServer(
  environment: Environment,
  overrides: Source,
  signals: StopSignals,
): Promise<void> {
  const settings = settingsOrExit(environment, overrides);
  const log = createLog(settings.logLevel);
  for (const warning of settings.warnings) log.warn(warning);
  try {
    const server = await startServer(settings, log);
    announce(server, log);
    signals.onStop(() => void stop(server, log));
  } catch (error) {
    if (error instanceof DatabaseUnavailableError || error instanceof CannotListenError) {
      giveUp(error.message);
    }
    throw error;
  }
}

function settingsOrExit(environment: Environment, overrides: Source): ServerSettings {
  try {
    return readSettings(environment, overrides);
  } catch (error) {
    if (error instanceof SettingsError) giveUp(error.message);
    throw error;
  }
}

/** Says that the server is ready, whatever the log level: a sentence on a terminal, else a line of the log. */
function announce({ url }: RunningServer, log: Logger): void {
  if (process.stdout.isTTY) {
    process.stdout.write(`Mintaka listens on ${url}, its API is described at ${url}/docs\n`);
  } else log.child({}, { level: 'info' }).info({ url, docs: `${url}/docs` }, 'Mintaka is ready');
}

async function stop(server: RunningServer, log: Logger): Promise<void> {
  log.info('stopping');
  setTimeout(() => {
    giveUp(`requests were still open after ${stopLimitMilliseconds / 1000} seconds; they are cut off`);
  }, stopLimitMilliseconds).unref();
  try {
    await server.stop();
  } catch (error) {
    giveUp(`could not stop cleanly: ${error instanceof Error ? error.message : error}`);
  }
  log.info('stopped');
  process.exit(0);
}

function giveUp(message: string): never {
  process.stderr.write(`mintaka: ${message}\n`);
  process.exit(1);
}
