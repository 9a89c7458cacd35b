import type { WireError } from '@mintaka/contract/wire';
import { IntegrityError, NotFoundError, RefusedError, UnstorableValueError } from '../domain/errors.ts';
import { TooDeepError } from './json-scanner.ts';

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
export type ErrorAnswer = { status: number; body: unknown; unexpected: boolean };

const integrityConflict =
  'Data integrity conflict. This usually means a unique or foreign key constraint was violated. See server logs for details.';

/** What the reference says of a body that is no text, or nested too deep. */
export const unreadableBody = 'There was an error parsing the body';

/** Every failure as the answer that the client gets. What is unexpected goes to the log and leaves no trace in the answer. */
export function errorAnswer(error: unknown): ErrorAnswer {
  if (error instanceof InvalidRequestError) {
    const body = {
      exception_message: error.message,
      exception_detail: error.errors,
      request_body: error.body,
    };
    return { status: 422, body, unexpected: false };
  }
  if (error instanceof NotFoundError)
    return { status: 404, body: { [error.field]: error.message }, unexpected: false };
  if (error instanceof RefusedError)
    return { status: error.status, body: { detail: error.message }, unexpected: false };
  if (error instanceof IntegrityError)
    return { status: 409, body: { detail: integrityConflict }, unexpected: false };
  if (error instanceof UnstorableValueError) {
    return {
      status: 422,
      body: { detail: 'A value is outside of what the database takes.' },
      unexpected: false,
    };
  }
  if (error instanceof TooDeepError || isStackOverflow(error)) {
    return { status: 400, body: { detail: unreadableBody }, unexpected: false };
  }
  const status = clientFault(error);
  if (status !== undefined) return { status, body: { detail: describe(error) }, unexpected: false };
  return { status: 500, body: { exception_message: 'Internal Server Error' }, unexpected: true };
}

/** The status of an error that Fastify itself blames on the client, such as a body over the limit. */
function clientFault(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  const { statusCode } = error;
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : undefined;
}

/** Only a deeply nested body makes our functions call themselves that often. */
function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes('call stack');
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : 'Bad Request';
}
