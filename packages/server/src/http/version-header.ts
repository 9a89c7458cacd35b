import type { IncomingHttpHeaders } from 'node:http';
import type { ApiVersion } from '../domain/context.ts';
import { RefusedError } from '../domain/errors.ts';

/** The oldest supported version of the REST API. */
const minimum: ApiVersion = [0, 8, 0];
const wholeNumber = /^\s*[+-]?\d+(?:_\d+)*\s*$/;

/**
 * Reads the client's API version from its header; null without one, which counts as the latest version.
 * @throws RefusedError (400) if the header is malformed or the version too old.
 */
export function readApiVersion(headers: IncomingHttpHeaders): ApiVersion | null {
  const header = headers['x-prefect-api-version'];
  if (header === undefined || header === '') return null;
  const text = Array.isArray(header) ? header.join(', ') : header;
  const parts = text.split('.');
  if (parts.length !== 3 || !parts.every((part) => wholeNumber.test(part))) {
    throw new RefusedError(
      400,
      `Invalid X-PREFECT-API-VERSION header format.Expected header in format 'x.y.z' but received ${text}`,
    );
  }
  const [major = 0, minor = 0, patch = 0] = parts.map((part) => Number(part.replaceAll('_', '')));
  const version: ApiVersion = [major, minor, patch];
  if (isOlder(version, minimum)) {
    throw new RefusedError(
      400,
      `The request specified API version ${text} but this server requires version ${minimum.join('.')} or higher.`,
    );
  }
  return version;
}

function isOlder(version: ApiVersion, least: ApiVersion): boolean {
  const place = version.findIndex((part, index) => part !== least[index]);
  return place !== -1 && (version[place] ?? 0) < (least[place] ?? 0);
}
