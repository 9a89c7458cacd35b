/** An escape that might be one of a surrogate or a NUL; a quick look, since most bodies have none. */
const suspicious = /\\u(?:[dD][89a-fA-F]|0000)/;
/** Every escape, pairs of surrogates as one. */
const escapes =
  /\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u[dD][89a-fA-F][\da-fA-F]{2}|u0000|.)/gs;

/**
 * A JSON text without what a database cannot store, in keys and in values: half a surrogate pair becomes U+FFFD, and so does a
 * NUL if the database does not take it.
 */
export function storableJson(json: string, takesNul: boolean): string {
  if (!suspicious.test(json)) return json;
  return json.replaceAll(escapes, (found) => {
    const isUnstorable = found.length === 6 && (found !== '\\u0000' || !takesNul);
    return isUnstorable ? '\\ufffd' : found;
  });
}

/** The texts of a path, a query or a header without a NUL, if the database does not take it. */
export function storableTexts(texts: unknown, takesNul: boolean): unknown {
  if (takesNul || typeof texts !== 'object' || texts === null) return texts;
  return Object.fromEntries(Object.entries(texts).map(([name, value]) => [name, withoutNul(value)]));
}

function withoutNul(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\0', '\ufffd');
  return Array.isArray(value) ? value.map(withoutNul) : value;
}
