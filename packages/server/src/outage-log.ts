import type { Logger } from 'pino';
import type { OutageReport } from './database/outages.ts';

/** How often lost connections are logged, in milliseconds: if the database goes down, all of them are lost. */
const lostConnectionsInterval = 10_000;

/** Writes into the log how outages of the database go. */
export function outageReport(log: Logger): OutageReport {
  return {
    failing: (outage, reason) =>
      log.warn({ ...outage, reason }, 'the database is unavailable; answering requests with 503'),
    over: (outage) => log.warn(outage, 'the database is available again'),
  };
}

/**
 * Logs lost idle connections with their number, at most once per interval.
 * @param monotonic milliseconds since any fixed point.
 */
export function reportLostConnections(log: Logger, monotonic: () => number): (error: Error) => void {
  let connections = 0;
  let reportedAt = -Infinity;
  return (error) => {
    connections += 1;
    if (monotonic() - reportedAt < lostConnectionsInterval) return;
    log.warn({ connections, reason: error.message }, 'lost idle connections to the database');
    reportedAt = monotonic();
    connections = 0;
  };
}
