import type { ReadSession } from '../database/database.ts';
import { databaseIsReady } from '../database/migrations/migrate.ts';
import type { Context } from './context.ts';

/** Whether the server can do its work now; if not, why, in one line for the log. */
export type Readiness = { ready: true } | { ready: false; reason: string };

/** How long a probe waits for the database, in milliseconds. */
const patience = 1500;
/** How often the database is written to at most, in milliseconds. */
const writeInterval = 1000;
/** How many rows the probes of all servers of a database share. */
const rows = 1024;

/**
 * Checks whether the server can work: every connection and thread that requests read with must work, the schema must exist,
 * and one of our rows must be writable. Concurrent probes share one check.
 * @param monotonic milliseconds since any fixed point.
 */
export function createReadiness(context: Context, monotonic: () => number): () => Promise<Readiness> {
  const { database } = context;
  // Servers that share a database would wait for each other's row.
  const row = Math.floor(context.random.fraction() * rows);
  let looking: Promise<Readiness> | undefined;
  let written: { outcome: Promise<void>; at: number } | undefined;

  async function look(): Promise<Readiness> {
    try {
      await database.check();
      if (!(await database.read(hasSchema))) return notReady('the database does not have the schema');
      if (written === undefined || monotonic() - written.at >= writeInterval) {
        written = { outcome: write(context, row), at: monotonic() };
      }
      await written.outcome;
      return { ready: true };
    } catch (error) {
      return notReady(error instanceof Error ? error.message : String(error));
    } finally {
      looking = undefined;
    }
  }

  return () => {
    looking ??= look();
    return within(patience, looking);
  };
}

function write({ database, clock }: Context, row: number): Promise<void> {
  const written = clock.now();
  return database.transaction(async (session) => {
    session.mayRunAgain();
    session.send(
      session.sql
        .insertInto('mintaka_probe')
        .values({ id: row, written })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ written })),
    );
  });
}

function hasSchema(session: ReadSession): Promise<boolean> {
  const query = (sql: string, parameters: readonly unknown[]) =>
    session.ask<Record<string, unknown>>({ sql, parameters });
  return databaseIsReady({ query }, session.dialect.name);
}

function notReady(reason: string): Readiness {
  return { ready: false, reason };
}

async function within(milliseconds: number, readiness: Promise<Readiness>): Promise<Readiness> {
  let timeout: NodeJS.Timeout | undefined;
  const tooLate = new Promise<Readiness>((resolve) => {
    const reason = `the database did not respond within ${milliseconds} ms`;
    timeout = setTimeout(() => resolve(notReady(reason)), milliseconds);
  });
  try {
    return await Promise.race([readiness, tooLate]);
  } finally {
    clearTimeout(timeout);
  }
}
