import type { Database } from './database.ts';
import { TemporaryDatabaseError, type TemporaryFault } from './errors.ts';

/** The facts about an outage in a report. */
export type Outage = {
  readonly fault: TemporaryFault;
  /** How many uses of the database have failed since the last report. */
  readonly failures: number;
  /** How long it has lasted. */
  readonly seconds: number;
};

/** Receives reports about outages: each kind of fault at most once in several seconds. */
export type OutageReport = {
  /** The database cannot be used; `reason` is one line. */
  failing(outage: Outage, reason: string): void;
  /** It is available again. */
  over(outage: Outage): void;
};

/** The interval of reports of the same fault, in milliseconds. */
const reportMilliseconds = 10_000;
/** The maximum delay for a client's retry, in seconds. */
const longestRetry = 30;
/** The first wait, in seconds. */
const shortestRetry = 2;

/** The functions of the database; an outage is over when one of those that failed succeeds. */
type Way = 'read' | 'readLong' | 'transaction' | 'administer';

type OpenOutage = {
  since: number;
  ways: Set<Way>;
  failures: number;
  /** Whether its start was reported, so that its end must be reported too. */
  reported: boolean;
};

/**
 * Watches a database for temporary faults: reports each kind at intervals instead of for each failed request, and tells
 * clients to wait as long as the outage has lasted, as their own backoff would.
 */
export function watchOutages(
  database: Database,
  { report, monotonic }: { report: OutageReport; monotonic: () => number },
): Database {
  const open = new Map<TemporaryFault, OpenOutage>();
  const reportedAt = new Map<TemporaryFault, number>();

  function failed(way: Way, error: unknown): unknown {
    if (!(error instanceof TemporaryDatabaseError)) return error;
    const { fault } = error;
    const now = monotonic();
    const outage = open.get(fault) ?? { since: now, ways: new Set(), failures: 0, reported: false };
    open.set(fault, outage);
    outage.ways.add(way);
    outage.failures += 1;
    const seconds = (now - outage.since) / 1000;
    if (now - (reportedAt.get(fault) ?? -Infinity) >= reportMilliseconds) {
      reportedAt.set(fault, now);
      report.failing({ fault, failures: outage.failures, seconds }, error.message);
      outage.failures = 0;
      outage.reported = true;
    }
    const retryAfter = Math.min(longestRetry, shortestRetry + Math.floor(seconds));
    return new TemporaryDatabaseError(fault, error.cause, retryAfter);
  }

  function succeeded(way: Way): void {
    for (const [fault, { ways, since, failures, reported }] of open) {
      if (!ways.has(way)) continue;
      open.delete(fault);
      if (reported) report.over({ fault, failures, seconds: (monotonic() - since) / 1000 });
    }
  }

  function watch<Result>(way: Way, outcome: Promise<Result>): Promise<Result> {
    return outcome.then(
      (result) => {
        if (open.size > 0) succeeded(way);
        return result;
      },
      (error) => {
        throw failed(way, error);
      },
    );
  }

  return {
    ...database,
    read: (work) => watch('read', database.read(work)),
    readLong: (work) => watch('readLong', database.readLong(work)),
    transaction: (work) => watch('transaction', database.transaction(work)),
    administer: (work) => watch('administer', database.administer(work)),
  };
}
