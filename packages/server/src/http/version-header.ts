import type { FastifyRequest } from 'fastify';
import type { ApiVersion } from '../domain/context.ts';
import { RefusedError } from '../domain/errors.ts';

/** The oldest version of the REST API whose clients are served. */
const minimum = [0, 8, 0] as const;
const wholeNumber = /^\s*[+-]?\d+(?:_\d+)*\s*$/;

/**
 * Refuses a client whose version header is malformed or too old; a client without one is taken as up to date.
 * @throws RefusedError with status 400.
 */
export function checkApiVersion(header: string | string[] | undefined): void {
  if (header === undefined || header === '') return;
  const version = Array.isArray(header) ? header.join(', ') : header;
  const parts = version.split('.');
  if (parts.length !== 3 || !parts.every((part) => wholeNumber.test(part))) {
    throw new RefusedError(
      400,
      `Invalid X-PREFECT-API-VERSION header format.Expected header in format 'x.y.z' but received ${version}`,
    );
  }
  if (isOlder(parts.map((part) => Number(part.replaceAll('_', ''))))) {
    throw new RefusedError(
      400,
      `The request specified API version ${version} but this server requires version ${minimum.join('.')} or higher.`,
    );
  }
}

function isOlder(version: number[]): boolean {
  for (const [place, least] of minimum.entries()) {
    const part = version[place] ?? 0;
    if (part !== least) return part < least;
  }
  return false;
}

/** What a client speaks, from its version header, which was checked before; null where it does not say. */
export function apiVersionOf(request: FastifyRequest): ApiVersion | null {
  const header = request.headers['x-prefect-api-version'];
  if (typeof header !== 'string' || header === '') return null;
  const [major = 0, minor = 0, patch = 0] = header.replaceAll('_', '').split('.').map(Number);
  return [major, minor, patch];
}
