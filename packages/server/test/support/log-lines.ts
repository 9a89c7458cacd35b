import pino, { type Logger } from 'pino';

/** An entry of the log. */
export type LogLine = { level: number; msg: string } & Record<string, unknown>;

/** A log at the server's default level that keeps its entries. */
export function keptLog(): { log: Logger; lines: LogLine[] } {
  const lines: LogLine[] = [];
  const log = pino(
    { level: 'warn', base: null },
    { write: (line: string) => void lines.push(JSON.parse(line)) },
  );
  return { log, lines };
}
