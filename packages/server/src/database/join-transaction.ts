import type { Database } from './database.ts';
import type { WriteSession } from './session.ts';

/**
 * The database as it is within an open transaction: what is read and written goes through its session, and what would be a
 * transaction of its own becomes a part of it. For work that is done as a whole or not at all.
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
