import { type Environment, SettingsError, type Source } from '@mintaka/settings';
import type { Logger } from 'pino';
import { DatabaseUnavailableError } from './database/errors.ts';
import type { Redact } from './redact.ts';
import { createServerLog, redactorFor } from './server-log.ts';
import { readSettings, type ServerSettings } from './settings.ts';
import { CannotListenError, type RunningServer, startServer } from './start.ts';
import type { StopSignals } from './stop-signals.ts';

/** The timeout for stopping the server before the process exits anyway, in milliseconds. */
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
  const redact = redactorFor(settings);
  const log = createServerLog(settings, redact);
  // Node itself would print all properties of the error, including secrets.
  process.on('uncaughtException', (error) => giveUp(redact(withStack(error))));
  for (const warning of settings.warnings) log.warn(warning);
  try {
    const server = await startServer(settings, { log });
    announce(server, log);
    signals.onStop(() => void stop(server, log, redact));
  } catch (error) {
    giveUp(redact(isForOperators(error) ? error.message : withStack(error)));
  }
}

function isForOperators(error: unknown): error is Error {
  return error instanceof DatabaseUnavailableError || error instanceof CannotListenError;
}

function withStack(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function settingsOrExit(environment: Environment, overrides: Source): ServerSettings {
  try {
    return readSettings(environment, overrides);
  } catch (error) {
    if (error instanceof SettingsError) giveUp(error.message);
    throw error;
  }
}

/** Announces that the server is ready, at any log level: a sentence on a terminal, otherwise a log entry. */
function announce({ url }: RunningServer, log: Logger): void {
  if (process.stdout.isTTY) {
    process.stdout.write(`Mintaka is listening on ${url}; see ${url}/docs for its API\n`);
  } else log.child({}, { level: 'info' }).info({ url, docs: `${url}/docs` }, 'Mintaka is ready');
}

async function stop(server: RunningServer, log: Logger, redact: Redact): Promise<void> {
  log.info('stopping');
  setTimeout(() => {
    giveUp(
      `requests were still open after ${stopLimitMilliseconds / 1000} seconds; closing their connections`,
    );
  }, stopLimitMilliseconds).unref();
  try {
    await server.stop();
  } catch (error) {
    giveUp(redact(`could not stop cleanly: ${error instanceof Error ? error.message : error}`));
  }
  log.info('stopped');
  process.exit(0);
}

function giveUp(message: string): never {
  process.stderr.write(`mintaka: ${message}\n`);
  process.exit(1);
}
