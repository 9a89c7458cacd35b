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
    super('the database rejected a value', { cause });
    this.name = 'UnstorableValueError';
  }
}

/** The most bytes of text that the rows of one statement take together, if there are several rows. */
export const MOST_RESULT_BYTES = 16 * 1024 * 1024;

/** The rows of a statement take more than {@link MOST_RESULT_BYTES}: ask for fewer at a time. One row is always given. */
export class ResultTooLargeError extends Error {
  constructor() {
    super(`the result has more than ${MOST_RESULT_BYTES} bytes`);
    this.name = 'ResultTooLargeError';
  }
}

/** The database cannot be opened or reached; the message is one line for an operator. */
export class DatabaseUnavailableError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'DatabaseUnavailableError';
  }
}

/** What passes: kinds of faults after which the database can do again what it cannot do now, in words for clients and logs. */
const temporaryFaults = {
  unreachable: 'it cannot be reached',
  'connection lost': 'the connection was lost',
  'no free connection': 'all connections are in use',
  'lock timeout': 'it is locked by another transaction or program',
  'statement timeout': 'a statement took too long',
  conflict: 'transactions conflict with each other',
  'reader failed': 'a reader thread failed',
  'out of memory': 'there is not enough memory',
  'disk full': 'its disk is full',
  'disk failed': 'its disk cannot be written',
  'file replaced': 'its file is no longer the one that was opened',
  closing: 'the server is stopping',
} as const;

/** A kind of fault that passes. */
export type TemporaryFault = keyof typeof temporaryFaults;

/** How long clients wait before they try again, in seconds, if nothing more is known of the fault. */
const shortestRetry = 2;

/** The database cannot do this now, but will later; nothing of it was written, or it is unknown. The API answers it with 503. */
export class TemporaryDatabaseError extends Error {
  readonly fault: TemporaryFault;
  /** What clients may know of it, one sentence. */
  readonly detail: string;
  /** When to try again, in seconds from now. */
  readonly retryAfter: number;

  constructor(fault: TemporaryFault, cause?: unknown, retryAfter: number = shortestRetry) {
    const detail = `The database cannot be used at the moment: ${temporaryFaults[fault]}.`;
    super(cause instanceof Error ? `${detail} (${cause.message})` : detail, { cause });
    this.detail = detail;
    this.name = 'TemporaryDatabaseError';
    this.fault = fault;
    this.retryAfter = retryAfter;
  }
}
