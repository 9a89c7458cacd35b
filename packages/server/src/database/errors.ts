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

/**
 * Something cannot be done for now, for a reason that passes: rows are locked by somebody else. The API answers it with 503
 * and `Retry-After`.
 */
export class TemporarilyUnavailableError extends Error {
  /** When to ask again, in seconds. */
  readonly retryAfterSeconds: number;

  constructor(message: string, retryAfterSeconds: number, cause?: unknown) {
    super(message, { cause });
    this.name = 'TemporarilyUnavailableError';
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
