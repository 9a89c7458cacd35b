import type { DatabaseSync } from 'node:sqlite';

/**
 * Adds the function `mintaka_without_nul(text)` to a connection: U+FFFD stands for each NUL. SQLite's own `replace` takes no
 * NUL, and LIKE reads texts and patterns up to the first.
 */
export function addTextFunction(database: DatabaseSync): void {
  database.function('mintaka_without_nul', { deterministic: true }, (text) =>
    typeof text === 'string' ? text.replaceAll('\0', '\ufffd') : text,
  );
}
