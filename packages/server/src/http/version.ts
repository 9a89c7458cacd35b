import { readFileSync } from 'node:fs';

/** The release of Prefect that this server replaces. */
export const productVersion = '2.8.0';

/** The version of the REST API, with which clients compare their own. */
export const apiVersion = '0.8.4';

/** The version of this server. */
export function ownVersion(): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  return manifest.version;
}
