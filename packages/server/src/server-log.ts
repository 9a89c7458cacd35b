import type { Logger } from 'pino';
import { passwordsOf } from './database/url.ts';
import { createLog } from './log.ts';
import { type Redact, redactor } from './redact.ts';
import type { ServerSettings } from './settings.ts';

/**
 * Creates the log of a server with these settings: JSON lines on standard output, at the configured level, without secrets.
 */
export function createServerLog(settings: ServerSettings, redact = redactorFor(settings)): Logger {
  return createLog(settings.logLevel, redact);
}

/** Creates the redaction function for a server with these settings. */
export function redactorFor({ apiKey, encryptionKey, databaseUrl }: ServerSettings): Redact {
  const secrets = [apiKey, encryptionKey, databaseUrl, ...passwordsOf(databaseUrl)];
  return redactor(secrets.filter((secret) => secret !== null));
}
