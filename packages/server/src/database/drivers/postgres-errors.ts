import pg from 'pg';
import {
  type BrokenConstraint,
  IntegrityError,
  TemporarilyUnavailableError,
  UnstorableValueError,
} from '../errors.ts';

/** SQLSTATE codes of broken constraints (Postgres manual, appendix A, class 23). */
const constraints: Record<string, BrokenConstraint> = {
  '23502': 'not null',
  '23503': 'foreign key',
  '23505': 'unique',
  '23514': 'check',
};
/** Deadlock, and a serialization failure: the server undid the transaction and asks for another try. */
const againCodes = new Set(['40P01', '40001']);
/** Values beyond a type's range, text with a NUL, and JSON that jsonb refuses (class 22). */
const unstorableCodes = new Set(['22003', '22008', '22021', '22P02', '22P05', '22007', '22001']);

/** A lock was not given within `lock_timeout`. */
const lockTimeoutCode = '55P03';

/** Turns an error of the driver into ours where the API has an answer for it; others come back as they are. */
export function postgresError(error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError) || error.code === undefined) return error;
  const constraint = constraints[error.code];
  if (constraint !== undefined) return new IntegrityError(constraint, error);
  if (error.code === lockTimeoutCode) {
    return new TemporarilyUnavailableError('Rows or tables are locked by other transactions.', 5, error);
  }
  return unstorableCodes.has(error.code) ? new UnstorableValueError(error) : error;
}

/** Whether the transaction may simply run again. */
export function mayRunAgain(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code !== undefined && againCodes.has(error.code);
}
