/** An escape that could be a surrogate or a NUL; a quick check, because most bodies contain none. */
const suspicious = /\\u(?:[dD][89a-fA-F]|0000)/;
/** Every escape, pairs of surrogates as one. */
const escapes =
  /\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u[dD][89a-fA-F][\da-fA-F]{2}|u0000|.)/gs;

/**
 * Replaces what a database cannot store in keys and values of a JSON text: half a surrogate pair becomes U+FFFD, and so does
 * a NUL if the database cannot store it.
 */
export function storableJson(json: string, takesNul: boolean): string {
  if (!suspicious.test(json)) return json;
  return json.replaceAll(escapes, (found) => {
    const isUnstorable = found.length === 6 && (found !== '\\u0000' || !takesNul);
    return isUnstorable ? '\\ufffd' : found;
  });
}

/** Replaces NULs in the texts of a path, a query or a header, if the database cannot store them. */
export function storableTexts(texts: unknown, takesNul: boolean): unknown {
  if (takesNul || typeof texts !== 'object' || texts === null) return texts;
  return Object.fromEntries(Object.entries(texts).map(([name, value]) => [name, withoutNul(value)]));
}

function withoutNul(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\0', '\ufffd');
  return Array.isArray(value) ? value.map(withoutNul) : value;
}
