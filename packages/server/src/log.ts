import type { LogLevel } from '@mintaka/settings';
import pino, { type DestinationStream, type Logger } from 'pino';
import { loggedError, loggedValue, type Redact } from './redact.ts';

/** A log, as far as background work writes to it. */
export type Log = Pick<Logger, 'error' | 'warn' | 'info' | 'debug'>;

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

/**
 * Creates the server's logger: one JSON line per entry on standard output. All values and messages are passed to `redact`.
 */
export function createLog(level: LogLevel, redact: Redact, destination?: DestinationStream): Logger {
  return pino(
    {
      level: levels[level],
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      // The error is already redacted; pino's own serializer would process it again.
      serializers: { err: (error: unknown) => error },
      hooks: {
        logMethod(args, method) {
          const [first, message, ...rest]: unknown[] = args;
          const texts = [message, ...rest].map((text) => loggedValue(text, redact));
          // A bare error is logged as `err`, and its message becomes the entry's.
          const entry =
            first instanceof Error ? { err: loggedError(first, redact) } : loggedValue(first, redact);
          if (first instanceof Error) texts[0] ??= redact(first.message);
          Reflect.apply(method, this, [entry, ...texts]);
        },
      },
    },
    destination,
  );
}
