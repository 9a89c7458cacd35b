import { DatabaseUnavailableError } from './database/errors.ts';
import { createLog } from './log.ts';
import { type Environment, readSettings, type ServerSettings, SettingsError } from './settings.ts';
import { CannotListenError, startServer } from './start.ts';

/** How long the end may take before the process goes anyway, in milliseconds. */
const patienceMilliseconds = 30_000;

/**
 * Runs a server in this process until a signal ends it: SIGTERM and SIGINT let it finish what it has accepted, a second one
 * ends it at once. What an operator can mend is told in one line on standard error, with exit code 1.
 */
export async function runServer(environment: Environment): Promise<void> {
  const settings = settingsOrExit(environment);
  const log = createLog(settings.logLevel);
  for (const warning of settings.warnings) log.warn(warning);
  try {
    const server = await startServer(settings, log);
    process.stdout.write(`Mintaka listens on ${server.url}, its API is described at ${server.url}/docs\n`);
    stopOnSignal(async () => {
      await server.stop();
    });
  } catch (error) {
    if (error instanceof DatabaseUnavailableError || error instanceof CannotListenError)
      giveUp(error.message);
    throw error;
  }
}

function settingsOrExit(environment: Environment): ServerSettings {
  try {
    return readSettings(environment);
  } catch (error) {
    if (error instanceof SettingsError) giveUp(error.message);
    throw error;
  }
}

function giveUp(message: string): never {
  process.stderr.write(`mintaka: ${message}\n`);
  process.exit(1);
}

function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = () => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => process.exit(1), patienceMilliseconds).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) =>
        giveUp(`could not stop in order: ${error instanceof Error ? error.message : error}`),
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}
