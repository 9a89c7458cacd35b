import pino, { type Logger } from 'pino';
import type { LogLevel } from './settings/kinds.ts';

/** The settings' names of log levels, which are Python's, in pino's words. */
const levels: Readonly<Record<LogLevel, string>> = {
  CRITICAL: 'fatal',
  FATAL: 'fatal',
  ERROR: 'error',
  WARNING: 'warn',
  WARN: 'warn',
  INFO: 'info',
  DEBUG: 'debug',
  NOTSET: 'trace',
};

/** Makes the server's logger: one line of JSON an entry, on standard output. */
export function createLog(level: LogLevel): Logger {
  return pino({ level: levels[level], base: null, timestamp: pino.stdTimeFunctions.isoTime });
}
