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
    /**
     * Tells how to find out whether this transaction committed, if its connection breaks during the commit. Without a proof
     * the database is asked for the transaction's id before the commit, which is one more round trip.
     */
    proveCommit(proof: CommitProof): void;
    /** Saves that round trip: if it is unknown whether the transaction committed, it fails, and may run again without harm. */
    mayRunAgain(): void;
  };

/** How to find out later whether a transaction committed; for databases whose connection may break during a commit. */
export type CommitProof = {
  /** Whether the transaction committed: looks for a row that exists only then. */
  committed(session: ReadSession): Promise<boolean>;
};
