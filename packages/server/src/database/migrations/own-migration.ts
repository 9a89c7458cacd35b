import type { DialectName } from '../dialect-name.ts';

/**
 * An addition to the schema. It only adds, so that the reference server and older versions of this server continue to work,
 * and it can run again on a database that has parts of it.
 */
export type OwnMigration = {
  /** Its position in the order; numbers are never reused. */
  readonly number: number;
  readonly name: string;
  /** The names of its indexes. If one is missing, it runs again, because another program may have rebuilt a table. */
  readonly indexes: readonly string[];
  /** Omitted for a dialect that does not need it. */
  readonly sql: Readonly<Partial<Record<DialectName, string>>>;
};
