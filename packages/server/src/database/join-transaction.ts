import type { Database } from './database.ts';
import type { WriteSession } from './session.ts';

/**
 * The database within an open transaction: all reads and writes use its session, and new transactions become a part of it.
 * For work that succeeds or fails as a whole.
 */
export function joinTransaction(database: Database, session: WriteSession): Database {
  return {
    ...database,
    read: (work) => work(session),
    readLong: (work) => work(session),
    transaction: (work) => work(session),
    tellDoubt: (work) => work(),
  };
}
