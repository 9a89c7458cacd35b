export { IntegrityError, TemporarilyUnavailableError, UnstorableValueError } from '../database/errors.ts';

/** Something that was asked for is not there. The API answers 404. */
export class NotFoundError extends Error {
  /** How the reference phrases the answer: `{detail}` from a route, `{exception_message}` from the depth. */
  readonly field: 'detail' | 'exception_message';

  constructor(message: string, field: 'detail' | 'exception_message' = 'detail') {
    super(message);
    this.name = 'NotFoundError';
    this.field = field;
  }
}

/** A request that the domain refuses, with the HTTP status that the reference gives it and its `detail`. */
export class RefusedError extends Error {
  readonly status: 400 | 403 | 404 | 409 | 413 | 422;

  constructor(status: RefusedError['status'], detail: string) {
    super(detail);
    this.name = 'RefusedError';
    this.status = status;
  }
}
