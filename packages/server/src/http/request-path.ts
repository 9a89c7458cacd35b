import { urlParts } from './url-parts.ts';

/** The paths in which an encoded slash (`%2F`) belongs to the last name: tags may have slashes, and are read by their tag. */
const withSlashesInNames = '/api/concurrency_limits/tag/';

/**
 * Creates the function that reads the path of a request before routing. It strips the base path if present, and decodes as
 * the reference does: invalid encoding is kept or becomes U+FFFD, and an encoded slash separates parts of the path, except in
 * the tags of concurrency limits.
 */
export function createPathReader(basePath: string): (request: { url?: string | undefined }) => string {
  return ({ url = '/' }) => {
    const { path, query } = urlParts(url);
    return `${encoded(withoutBase(path, basePath))}${query}`;
  };
}

function withoutBase(path: string, basePath: string): string {
  if (basePath === '') return path;
  if (path === basePath) return '/';
  return path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : path;
}

/** The path in one encoding, which the router always understands. */
function encoded(path: string): string {
  if (!path.includes('%')) return path;
  const names = path.startsWith(withSlashesInNames)
    ? path.split('/').map(decodeLeniently)
    : decodeLeniently(path).split('/');
  return names.map(encodeURIComponent).join('/');
}

/** Decodes everything decodable, as Python's `unquote` does. */
function decodeLeniently(text: string): string {
  return text.replaceAll(/(?:%[\da-f]{2})+/gi, (bytes) =>
    Buffer.from(bytes.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}
