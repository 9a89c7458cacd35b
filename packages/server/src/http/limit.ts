import { integer } from '@mintaka/contract/wire';
import { RefusedError } from '../domain/errors.ts';

const wholeNumber = integer();

/**
 * Checks the `limit` of a body against the server's page limit. Values other than numbers are left to the schema.
 * @throws RefusedError with status 422.
 */
export function checkLimit(sent: unknown, pageLimit: number): void {
  if (sent === undefined || sent === null) return;
  const limit = wholeNumber.safeParse(sent);
  if (!limit.success) return;
  if (limit.data < 0) throw new RefusedError(422, 'Invalid limit: must be greater than or equal to 0.');
  if (limit.data > pageLimit) {
    throw new RefusedError(422, `Invalid limit: must be less than or equal to ${pageLimit}.`);
  }
}
