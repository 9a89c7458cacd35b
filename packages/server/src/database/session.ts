import type { NewChange } from './changes.ts';
import type { Dialect } from './dialects/dialect.ts';
import type { Reader, Writer } from './statements.ts';

/**
 * Reads from the database, one statement after the other; rows are decoded (see `tables.ts`). Inside a transaction, await
 * only session calls: it stays open until its work is done.
 */
export type ReadSession = Reader & {
  /** What differs between SQLite and Postgres. */
  readonly dialect: Dialect;
};

/** Reads and writes within one transaction. */
export type WriteSession = Writer &
  ReadSession & {
    /** Notes a change that the transaction makes; listeners are notified once it is durable. */
    changed(change: NewChange): void;
    /**
     * Runs a part of the transaction that can be undone alone: if `work` throws, or a statement that it sends fails, only its
     * writes are undone, and the transaction continues. One at a time.
     */
    attempt<Result>(work: () => Promise<Result>): Promise<Result>;
    /** Calls `callback` once the writes of this transaction are durable; never if the transaction fails. */
    afterCommit(callback: () => void): void;
    /**
     * Names a proof that this transaction committed, in case its connection breaks during the commit. Without a proof, the
     * transaction's id is read before the commit, which is one more round trip.
     */
    proveCommit(proof: CommitProof): void;
    /**
     * Avoids that round trip: if it is unknown whether the transaction committed, it fails, and can be retried without harm.
     */
    mayRunAgain(): void;
  };

/** Shows later whether a transaction committed; for databases whose connection may break during a commit. */
export type CommitProof = {
  /** Whether the transaction committed: looks for a row that exists only in that case. */
  committed(session: ReadSession): Promise<boolean>;
};
