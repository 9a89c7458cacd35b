import type { AdminConnection } from '../database.ts';

/** A schema of Prefect 2.8.0 in one dialect, and how that dialect changes schemas safely. */
export type Schema = {
  /** The revision of the reference that the tables are at, as `alembic_version` holds it. */
  readonly revision: string;
  /** Makes everything in an empty database, except the tables of {@link bookkeeping}. */
  readonly create: string;
  /** Makes `alembic_version` and `mintaka_migration` where they are missing. */
  readonly bookkeeping: string;
  /** Drops {@link dataTables}, our own tables, and what was made for them. */
  readonly drop: string;
  /** Asks for the names of all tables and indexes, as rows `{ name }`. */
  readonly names: string;
  /** Asks for the names of all tables that the database itself and its extensions did not make, as rows `{ name }`. */
  readonly tables: string;
  /** Runs `work` in a transaction that no other migration of this database overlaps. */
  exclusively<Result>(connection: AdminConnection, work: () => Promise<Result>): Promise<Result>;
  /** Runs `work` with foreign keys out of force where the dialect's `drop` wants that. */
  withoutForeignKeys<Result>(connection: AdminConnection, work: () => Promise<Result>): Promise<Result>;
};
