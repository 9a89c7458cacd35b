import type { Dialect } from './dialects/dialect.ts';
import type { Reader, Writer } from './statements.ts';

/**
 * Reads from the database, one statement after the other; rows come back decoded (see `tables.ts`).
 * Await nothing else while you hold a session: a transaction stays open until its work is done.
 */
export type ReadSession = Reader & {
  /** What differs between SQLite and Postgres. */
  readonly dialect: Dialect;
};

/** Reads and writes within one transaction. */
export type WriteSession = Writer &
  ReadSession & {
    /** Calls `callback` once the writes of this transaction are durable; never if the transaction fails. */
    afterCommit(callback: () => void): void;
    /** Tells how to find out whether this transaction committed, if its connection breaks during the commit. */
    proveCommit(proof: CommitProof): void;
  };

/** How to find out later whether a transaction committed; for databases whose connection may break during a commit. */
export type CommitProof = {
  /** Whether the transaction committed: looks for a row that exists only then. */
  committed(session: ReadSession): Promise<boolean>;
  /**
   * Called in a transaction of its own, before any other begins, if the commit is found only after the caller was told that
   * the database is away: remembers that the answer was lost.
   */
  answerLost?(session: WriteSession): void;
};
