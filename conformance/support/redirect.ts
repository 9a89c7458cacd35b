/**
 * The target of a redirect, as a path if it stays on the server: one server answers with the whole URL, the other with a
 * relative one. Empty without a redirect.
 */
export function redirectTarget(location: string | null | undefined, asked: string | URL): string {
  if (!location) return '';
  const target = new URL(location, asked);
  return target.origin === new URL(asked).origin ? `${target.pathname}${target.search}` : target.href;
}
