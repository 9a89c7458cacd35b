import { createHash } from 'node:crypto';

/** Identifies a request: a hash of its URL and body. */
export function fingerprintOf(url: string, body: unknown): string {
  const hash = createHash('sha256').update(url);
  return (body instanceof Uint8Array ? hash.update(body) : hash).digest('base64');
}
