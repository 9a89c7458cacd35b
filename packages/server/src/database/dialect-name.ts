/** The names of the two dialects, for messages and file names; code above `database/` must not branch on it. */
export type DialectName = 'sqlite' | 'postgres';
