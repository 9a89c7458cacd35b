import type { DatabaseSync } from 'node:sqlite';

/**
 * Adds the function `mintaka_without_nul(text)` to a connection, which replaces each NUL with U+FFFD. SQLite's own `replace`
 * does not support NUL, and LIKE reads texts and patterns only up to the first one.
 */
export function addTextFunction(database: DatabaseSync): void {
  database.function('mintaka_without_nul', { deterministic: true }, (text) =>
    typeof text === 'string' ? text.replaceAll('\0', '\ufffd') : text,
  );
}
