import type { Change } from '../../src/database/changes.ts';
import type { Database } from '../../src/database/database.ts';

/** The changes that a listener receives, and a way to wait for them. */
export function hear(database: Database) {
  const changes: Change[] = [];
  let resyncs = 0;
  let waiting: (() => void)[] = [];
  const wake = () => {
    const woken = waiting;
    waiting = [];
    for (const resolve of woken) resolve();
  };
  const stop = database.changes.listen({
    changed: (some) => {
      changes.push(...some);
      wake();
    },
    resync: () => {
      resyncs += 1;
      wake();
    },
  });
  return {
    changes,
    resyncs: () => resyncs,
    stop,
    /** Waits until the condition holds; it is checked after each call of the listener. */
    until: async (condition: () => boolean) => {
      while (!condition()) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}

/** Listens from now on: on Postgres a starting feed reports this to its listeners. */
export async function hearing(database: Database) {
  const heard = hear(database);
  if (database.dialect.name === 'postgres') await heard.until(() => heard.resyncs() > 0);
  return heard;
}

/** A number as an id. */
export function numbered(count: number): string {
  return `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`;
}
