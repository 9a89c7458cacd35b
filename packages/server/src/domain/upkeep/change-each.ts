import { TemporaryDatabaseError } from '../errors.ts';

/** Receives each run whose state could not be changed; the others are changed anyway. */
export type OnFailure = (runId: string, error: unknown) => void;

/**
 * The number of concurrent changes. On SQLite they share one commit and use the event loop for about ten milliseconds; on
 * Postgres they share the connections with the requests.
 */
const batchSize = 20;

/**
 * Changes runs a few at a time, each in its own transaction; returns the number of changed runs.
 * @param change returns whether it has changed the run: it does not if the run has changed since it was found.
 * @throws TemporaryDatabaseError if the database is unavailable: the other runs would fail too.
 */
async function changeEach<Run extends { id: string }>(
  runs: readonly Run[],
  change: (run: Run) => Promise<boolean>,
  onFailure: OnFailure,
): Promise<number> {
  let changed = 0;
  for (let from = 0; from < runs.length; from += batchSize) {
    const outcomes = await Promise.all(
      runs.slice(from, from + batchSize).map((run) =>
        change(run).catch((error: unknown) => {
          if (error instanceof TemporaryDatabaseError) throw error;
          onFailure(run.id, error);
          return false;
        }),
      ),
    );
    changed += outcomes.filter(Boolean).length;
  }
  return changed;
}

/**
 * Processes all pages of runs. Each page begins after the last run of the previous one, so that an unchanged run is not found
 * again.
 * @param read returns the runs after a given one, in a fixed order, at most `size` of them.
 */
export async function changePages<Run extends { id: string }>(
  size: number,
  read: (after: Run | undefined) => Promise<Run[]>,
  change: (run: Run) => Promise<boolean>,
  onFailure: OnFailure,
): Promise<number> {
  let changed = 0;
  let last: Run | undefined;
  while (true) {
    const page = await read(last);
    changed += await changeEach(page, change, onFailure);
    if (page.length < size) return changed;
    last = page.at(-1);
  }
}
