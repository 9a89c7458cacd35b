/** The path of a request's URL, and its query with the question mark; the query is empty if there is none. */
export function urlParts(url: string): { path: string; query: string } {
  const start = url.indexOf('?');
  return start === -1 ? { path: url, query: '' } : { path: url.slice(0, start), query: url.slice(start) };
}
