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

/** A request whose parts do not have the shape that the route asks for. The API answers 422. */
export class InvalidRequestError extends Error {
  readonly errors: readonly WireError[];
  /** What the client sent, to be shown back to it. */
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
  /** What the log says of it; undefined for what clients do wrong every day, and for what is logged elsewhere. */
  failure?: Failure;
  /** When the client shall try again, in seconds. */
  retryAfter?: number;
};

const integrityConflict =
  'Data integrity conflict. This usually means a unique or foreign key constraint was violated. See server logs for details.';

/** What the reference says of a body that is no text, or nested too deep. */
export const unreadableBody = 'There was an error parsing the body';

/** Every failure as the answer that the client gets. An unexpected error goes to the log and leaves no trace in the answer. */
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

/** An outage is logged by itself, whatever it hits; of timeouts the log says which route they are on. */
function temporaryAnswer(error: TemporaryDatabaseError): ErrorAnswer {
  const { fault, detail, retryAfter } = error;
  const answer = { status: 503, body: { detail }, retryAfter };
  return fault === 'statement timeout' || fault === 'lock timeout'
    ? { ...answer, failure: { level: 'warn', reason: `database: ${fault}` } }
    : answer;
}

/** A warning with what the database said. */
function warningOf({ message, cause }: Error): Failure {
  return { level: 'warn', reason: message, fields: cause instanceof Error ? { cause: cause.message } : {} };
}

/** What an unexpected error is called: its name, and its code if it has one. */
function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unexpected error';
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : '';
  return `unexpected ${error.name}${code}`;
}

/** Messages name what the client named, whatever its length. */
function bounded(message: string): string {
  return shortened(message, MOST_MESSAGE_CHARACTERS);
}

/** The status of an error that Fastify itself blames on the client, such as a body over the limit. */
function clientFault(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  const { statusCode } = error;
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : undefined;
}

/** Whether a body is larger than the server takes. */
export function isOversized(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'FST_ERR_CTP_BODY_TOO_LARGE';
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : 'Bad Request';
}
