/** A constraint that a statement would have broken. */
export type BrokenConstraint = 'unique' | 'foreign key' | 'not null' | 'check';

/** A statement broke a constraint; its transaction is undone. The API answers it with 409. */
export class IntegrityError extends Error {
  readonly constraint: BrokenConstraint;

  constructor(constraint: BrokenConstraint, cause: unknown) {
    super(`a ${constraint} constraint was violated`, { cause });
    this.name = 'IntegrityError';
    this.constraint = constraint;
  }
}

/**
 * A value that the database does not take: an integer beyond its column's range, a pattern to match that is
 * too long. The API answers it with 422.
 */
export class UnstorableValueError extends Error {
  constructor(cause: unknown) {
    super('the database does not take a value', { cause });
    this.name = 'UnstorableValueError';
  }
}

/** The database cannot be opened or reached; the message is one line for an operator. */
export class DatabaseUnavailableError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'DatabaseUnavailableError';
  }
}

/** Why the database cannot do now what it can do again later. */
export type TemporaryFault =
  /** No connection can be made. */
  | 'unreachable'
  /** A connection broke or fell silent. */
  | 'connection lost'
  /** All connections of the pool are in use, or the database accepts no more. */
  | 'no free connection'
  /** Another transaction or another program held a lock for too long. */
  | 'lock timeout'
  /** A statement took longer than the statement timeout. */
  | 'statement timeout'
  /** Transactions that ran at the same time kept getting in each other's way. */
  | 'conflict'
  /** The thread that was to read failed. */
  | 'reader failed'
  /** The database has run out of memory. */
  | 'out of memory'
  /** The disk of the database is full. */
  | 'disk full'
  /** The disk of the database fails, or does not let the database write. */
  | 'disk failed'
  /** The SQLite file that is open is no longer the one at its path. */
  | 'file replaced'
  /** The server is shutting down. */
  | 'closing';

/** How long clients wait before they try again, in seconds, if nothing more is known of the fault. */
const shortestRetry = 2;

/** The database cannot do this now, but will later; nothing of it was written, or it is unknown. The API answers it with 503. */
export class TemporaryDatabaseError extends Error {
  readonly fault: TemporaryFault;
  /** When to try again, in seconds from now. */
  readonly retryAfter: number;

  constructor(fault: TemporaryFault, cause?: unknown, retryAfter: number = shortestRetry) {
    const reason = cause instanceof Error ? `: ${cause.message}` : '';
    super(`the database cannot be used at the moment (${fault})${reason}`, { cause });
    this.name = 'TemporaryDatabaseError';
    this.fault = fault;
    this.retryAfter = retryAfter;
  }
}
