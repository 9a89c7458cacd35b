import pino, { type Logger } from 'pino';

/** An entry of the log. */
export type LogLine = { level: number; msg: string } & Record<string, unknown>;

/** A log that collects its entries, by default at the server's default level. */
export function keptLog(level: 'warn' | 'info' = 'warn'): { log: Logger; lines: LogLine[] } {
  const lines: LogLine[] = [];
  const log = pino({ level, base: null }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { log, lines };
}
