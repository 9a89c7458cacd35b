/**
 * The current time in UTC in the format of all columns; SQLite's clock has milliseconds, so the last three digits are zeros.
 */
export const now = "(strftime('%Y-%m-%d %H:%M:%f000', 'now'))";

const hex = (bytes: number) => `lower(hex(randomblob(${bytes})))`;

/** A random UUID of version 4 as text. */
const randomId = `(${[
  hex(4),
  "'-'",
  hex(2),
  "'-4'",
  `substr(${hex(2)}, 2)`,
  "'-'",
  "substr('89ab', abs(random()) % 4 + 1, 1)",
  `substr(${hex(2)}, 2)`,
  "'-'",
  hex(6),
].join(' || ')})`;

/** The first three columns of every table. */
export const identity = `id CHAR(36) DEFAULT ${randomId} NOT NULL,
  created DATETIME DEFAULT ${now} NOT NULL,
  updated DATETIME DEFAULT ${now} NOT NULL`;
