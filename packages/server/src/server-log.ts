import type { Logger } from 'pino';
import { passwordsOf } from './database/url.ts';
import { createLog } from './log.ts';
import { type Redact, redactor } from './redact.ts';
import type { ServerSettings } from './settings.ts';

/** The log of a server with these settings: JSON lines on standard output, at their level, without their secrets. */
export function createServerLog(settings: ServerSettings, redact = redactorFor(settings)): Logger {
  return createLog(settings.logLevel, redact);
}

/** Hides what no log and no message of a server with these settings may show. */
export function redactorFor({ apiKey, encryptionKey, databaseUrl }: ServerSettings): Redact {
  const secrets = [apiKey, encryptionKey, databaseUrl, ...passwordsOf(databaseUrl)];
  return redactor(secrets.filter((secret) => secret !== null));
}
