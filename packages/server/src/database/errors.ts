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

/** A value that the column cannot hold, such as an integer beyond its range or text with a NUL. The API answers it with 422. */
export class UnstorableValueError extends Error {
  constructor(cause: unknown) {
    super('a value cannot be stored in its column', { cause });
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
