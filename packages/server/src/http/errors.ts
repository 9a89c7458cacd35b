import { MOST_MESSAGE_CHARACTERS, shortened } from '@mintaka/contract';
import type { WireError } from '@mintaka/contract/wire';
import {
  IntegrityError,
  NotFoundError,
  RefusedError,
  ResultTooLargeError,
  TemporarilyUnavailableError,
  TemporaryDatabaseError,
  UnstorableValueError,
} from '../domain/errors.ts';
import type { Failure } from './failure-log.ts';

/** A request whose parts do not match the schemas of the operation. The API answers 422. */
export class InvalidRequestError extends Error {
  readonly errors: readonly WireError[];
  /** What the client sent, which the answer shows. */
  readonly body: unknown;

  constructor(errors: readonly WireError[], body: unknown) {
    super('Invalid request received.');
    this.name = 'InvalidRequestError';
    this.errors = errors;
    this.body = body;
  }
}

/** An answer to a failed request. */
export type ErrorAnswer = {
  status: number;
  body: unknown;
  /** The log entry; undefined for common client errors, and for failures that are logged elsewhere. */
  failure?: Failure;
  /** The delay after which the client should retry, in seconds. */
  retryAfter?: number;
};

const integrityConflict =
  'Data integrity conflict. This usually means a unique or foreign key constraint was violated. See server logs for details.';

/** The reference's message for a body that is not valid UTF-8, or nested too deep. */
export const unreadableBody = 'There was an error parsing the body';

/** Converts a failure to the answer for the client. An unexpected error is logged, and the answer does not reveal it. */
export function errorAnswer(error: unknown): ErrorAnswer {
  if (error instanceof InvalidRequestError) {
    const body = {
      exception_message: error.message,
      exception_detail: error.errors,
      request_body: error.body,
    };
    return { status: 422, body };
  }
  if (error instanceof NotFoundError) return { status: 404, body: { [error.field]: bounded(error.message) } };
  if (error instanceof RefusedError)
    return { status: error.status, body: { detail: bounded(error.message) } };
  if (error instanceof IntegrityError) {
    return { status: 409, body: { detail: integrityConflict }, failure: warningOf(error) };
  }
  if (error instanceof UnstorableValueError) {
    const detail = 'A value is out of the range that the database accepts.';
    return { status: 422, body: { detail }, failure: warningOf(error) };
  }
  if (error instanceof ResultTooLargeError) {
    const detail = 'The answer would be too large. Ask for fewer items.';
    return { status: 422, body: { detail }, failure: warningOf(error) };
  }
  if (error instanceof TemporarilyUnavailableError) {
    const { message: detail, retryAfter } = error;
    return { status: 503, body: { detail }, failure: warningOf(error), retryAfter };
  }
  if (error instanceof TemporaryDatabaseError) return temporaryAnswer(error);
  const status = clientFault(error);
  if (status !== undefined) return { status, body: { detail: describe(error) } };
  return {
    status: 500,
    body: { exception_message: 'Internal Server Error' },
    failure: { level: 'error', reason: kindOf(error), error },
  };
}

/** An outage is logged separately for all requests; timeouts are logged with their route. */
function temporaryAnswer(error: TemporaryDatabaseError): ErrorAnswer {
  const { fault, detail, retryAfter } = error;
  const answer = { status: 503, body: { detail }, retryAfter };
  return fault === 'statement timeout' || fault === 'lock timeout'
    ? { ...answer, failure: { level: 'warn', reason: `database: ${fault}` } }
    : answer;
}

/** A warning with the database's message. */
function warningOf({ message, cause }: Error): Failure {
  return { level: 'warn', reason: message, fields: cause instanceof Error ? { cause: cause.message } : {} };
}

/** The kind of an unexpected error: its name, and its code if it has one. */
function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unexpected error';
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : '';
  return `unexpected ${error.name}${code}`;
}

/** Messages contain client texts of any length. */
function bounded(message: string): string {
  return shortened(message, MOST_MESSAGE_CHARACTERS);
}

/** The status of an error that Fastify itself blames on the client, such as a body over the limit. */
function clientFault(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  const { statusCode } = error;
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : undefined;
}

/** Whether the error means that a body is larger than the limit. */
export function isOversized(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'FST_ERR_CTP_BODY_TOO_LARGE';
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : 'Bad Request';
}
