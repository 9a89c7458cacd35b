import { TemporaryDatabaseError } from '../errors.ts';

/** Told of each run whose state could not be changed; the others are changed all the same. */
export type OnFailure = (runId: string, error: unknown) => void;

/**
 * How many changes are asked for at once. On SQLite they share one commit, and the event loop is theirs for about ten
 * milliseconds; on Postgres they share the connections with the requests.
 */
const batchSize = 20;

/**
 * Changes one run after the other, a few at once, each in a transaction of its own; gives the number of runs changed.
 * @param change whether it has changed the run: it does not if the run is not what it was when it was found.
 * @throws TemporaryDatabaseError if the database is away: the other runs would fail alike.
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
 * Works through all pages of runs. Each page begins where the last one ended, so that a run that stays as it is does not
 * come again.
 * @param read the runs after a given one, in a fixed order, at most `size` of them.
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
