/** A constraint that a statement would have broken. */
export type BrokenConstraint = 'unique' | 'foreign key' | 'not null' | 'check';

/** A statement violated a constraint; its transaction was rolled back. The API answers 409. */
export class IntegrityError extends Error {
  readonly constraint: BrokenConstraint;

  constructor(constraint: BrokenConstraint, cause: unknown) {
    super(`a ${constraint} constraint was violated`, { cause });
    this.name = 'IntegrityError';
    this.constraint = constraint;
  }
}

/**
 * A value that the database rejects: an integer beyond its column's range, a pattern that is too long. The API answers 422.
 */
export class UnstorableValueError extends Error {
  constructor(cause: unknown) {
    super('the database rejected a value', { cause });
    this.name = 'UnstorableValueError';
  }
}

/** The maximum size of all rows of a statement, in bytes of text, if there are several rows. */
export const MOST_RESULT_BYTES = 16 * 1024 * 1024;

/** The rows of a statement exceed {@link MOST_RESULT_BYTES}: read fewer at a time. A single row is always returned. */
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

/** Temporary faults, after which the database will work again, in words for clients and logs. */
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

/** A kind of temporary fault. */
export type TemporaryFault = keyof typeof temporaryFaults;

/** The delay for a retry, in seconds, if nothing more is known of the fault. */
const shortestRetry = 2;

/** The database cannot do this now, but will later; nothing of it was written, or it is unknown. The API answers 503. */
export class TemporaryDatabaseError extends Error {
  readonly fault: TemporaryFault;
  /** The message for clients, one sentence. */
  readonly detail: string;
  /** The delay for a retry, in seconds. */
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
