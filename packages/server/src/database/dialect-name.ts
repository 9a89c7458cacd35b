/** The names of the two dialects, for messages and file names; nothing above `database/` branches on it. */
export type DialectName = 'sqlite' | 'postgres';
