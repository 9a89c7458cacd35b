import pino from 'pino';

/** A logger that collects its lines, from level INFO on. */
export function recordingLog() {
  const lines: Record<string, unknown>[] = [];
  const log = pino({ level: 'info' }, { write: (line) => lines.push(JSON.parse(line)) });
  return { log, lines };
}
