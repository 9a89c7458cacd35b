import type { DialectName } from '../dialect-name.ts';

/**
 * An addition of ours to the schema. It only adds, so that the reference server and older servers of ours go on working,
 * and it may run again on a database that has parts of it.
 */
export type OwnMigration = {
  /** Its place in the order; numbers are never used twice. */
  readonly number: number;
  readonly name: string;
  /** The names of the indexes that it makes. Where one is missing it runs again: another program may have rebuilt a table. */
  readonly indexes: readonly string[];
  /** Left out for a dialect that does not need it. */
  readonly sql: Readonly<Partial<Record<DialectName, string>>>;
};
