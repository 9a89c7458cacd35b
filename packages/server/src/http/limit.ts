import { integer } from '@mintaka/contract/wire';
import { RefusedError } from '../domain/errors.ts';

const wholeNumber = integer();

/**
 * Holds the `limit` of a body against the server's page limit. What is no number is left to the body's own schema.
 * @throws RefusedError with status 422.
 */
export function checkLimit(body: unknown, pageLimit: number): void {
  if (typeof body !== 'object' || body === null || !('limit' in body) || body.limit === null) return;
  const limit = wholeNumber.safeParse(body.limit);
  if (!limit.success) return;
  if (limit.data < 0) throw new RefusedError(422, 'Invalid limit: must be greater than or equal to 0.');
  if (limit.data > pageLimit) {
    throw new RefusedError(422, `Invalid limit: must be less than or equal to ${pageLimit}.`);
  }
}
