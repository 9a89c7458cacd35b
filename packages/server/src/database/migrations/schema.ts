import type { AdminConnection } from '../database.ts';

/** A schema of Prefect 2.8.0 in one dialect, and how that dialect changes schemas safely. */
export type Schema = {
  /** The reference's revision of the tables, as stored in `alembic_version`. */
  readonly revision: string;
  /** Creates everything in an empty database, except the tables of {@link bookkeeping}. */
  readonly create: string;
  /** Creates `alembic_version` and `mintaka_migration` if they are missing. */
  readonly bookkeeping: string;
  /** Drops {@link dataTables}, our own tables, and everything created for them. */
  readonly drop: string;
  /** Reads the names of all tables and indexes, as rows `{ name }`. */
  readonly names: string;
  /** Reads the names of all tables except those of the database itself and its extensions, as rows `{ name }`. */
  readonly tables: string;
  /** Runs `work` in a transaction that no other migration of this database overlaps. */
  exclusively<Result>(connection: AdminConnection, work: () => Promise<Result>): Promise<Result>;
  /** Runs `work` with foreign keys disabled if the dialect's `drop` requires it. */
  withoutForeignKeys<Result>(connection: AdminConnection, work: () => Promise<Result>): Promise<Result>;
};
