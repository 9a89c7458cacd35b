import pino, { type Logger } from 'pino';

/** Python's names of log levels, which the settings use, in pino's words. */
const levels = {
  CRITICAL: 'fatal',
  FATAL: 'fatal',
  ERROR: 'error',
  WARNING: 'warn',
  WARN: 'warn',
  INFO: 'info',
  DEBUG: 'debug',
  NOTSET: 'trace',
} as const;

/** How much of the log is written, least first. */
export type LogLevel = keyof typeof levels;

/** The names of the log levels. */
export const LOG_LEVELS = Object.keys(levels).filter((name) => name in levels);

/** Makes the server's logger: one line of JSON an entry, on standard error. */
export function createLog(level: string): Logger {
  return pino(
    { level: pinoLevel(level), base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  );
}

function pinoLevel(level: string): string {
  for (const [name, ours] of Object.entries(levels)) if (name === level) return ours;
  return 'warn';
}
