import { createHash } from 'node:crypto';

/** Tells requests apart: a hash of their address and their body. */
export function fingerprintOf(url: string, body: unknown): string {
  const hash = createHash('sha256').update(url);
  return (body instanceof Uint8Array ? hash.update(body) : hash).digest('base64');
}
