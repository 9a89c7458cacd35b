import { type SqlBool, sql } from 'kysely';
import { isScheduled } from '../migrations/dispatch-indexes.ts';
import { isPlainlyScheduled } from '../migrations/upkeep-indexes.ts';

// SQLite uses a partial index only for a query that repeats its condition, values included; a bound value would not do.

/** Whether a flow run is scheduled, late or not. */
export const runIsScheduled = sql<SqlBool>`${sql.raw(isScheduled)}`;

/** Whether a flow run is scheduled, and nobody has called it late or waiting for another try. */
export const runIsPlainlyScheduled = sql<SqlBool>`${sql.raw(isPlainlyScheduled)}`;
