export {
  IntegrityError,
  ResultTooLargeError,
  TemporaryDatabaseError,
  UnstorableValueError,
} from '../database/errors.ts';

/** A requested object does not exist. The API answers 404. */
export class NotFoundError extends Error {
  /** How the reference phrases the answer: `{detail}` from a route, `{exception_message}` from the depth. */
  readonly field: 'detail' | 'exception_message';

  constructor(message: string, field: 'detail' | 'exception_message' = 'detail') {
    super(message);
    this.name = 'NotFoundError';
    this.field = field;
  }
}

/**
 * Something is temporarily impossible although the database works: other transactions lock the rows, or the server is
 * stopping. The API answers 503 with `Retry-After`.
 */
export class TemporarilyUnavailableError extends Error {
  /** The delay for a retry, in seconds. */
  readonly retryAfter: number;

  constructor(message: string, retryAfter: number, cause?: unknown) {
    super(message, { cause });
    this.name = 'TemporarilyUnavailableError';
    this.retryAfter = retryAfter;
  }
}

/** A request that the domain refuses, with the reference's HTTP status and `detail`. */
export class RefusedError extends Error {
  readonly status: 400 | 403 | 404 | 409 | 413 | 422;

  constructor(status: RefusedError['status'], detail: string) {
    super(detail);
    this.name = 'RefusedError';
    this.status = status;
  }
}
