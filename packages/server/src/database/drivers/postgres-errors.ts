import pg from 'pg';
import {
  type BrokenConstraint,
  IntegrityError,
  ResultTooLargeError,
  TemporaryDatabaseError,
  type TemporaryFault,
  UnstorableValueError,
} from '../errors.ts';

/** SQLSTATE codes of broken constraints (Postgres manual, appendix A, class 23). */
const constraints: Record<string, BrokenConstraint> = {
  '23502': 'not null',
  '23503': 'foreign key',
  '23505': 'unique',
  '23514': 'check',
};
/**
 * Values beyond a type's range, text with a NUL, JSON that jsonb refuses (class 22), and texts too long for an index (54000).
 */
const unstorableCodes = new Set(['22003', '22008', '22021', '22P02', '22P05', '22007', '22001', '54000']);
/** Codes after which the same may succeed later. */
const temporaryCodes: Record<string, TemporaryFault> = {
  // A read-only transaction: the server has become, or is still, a standby.
  '25006': 'unreachable',
  // The server closes sessions whose transaction is idle for too long.
  '25P03': 'connection lost',
  '25P04': 'connection lost',
  '40001': 'conflict',
  '40P01': 'conflict',
  '53000': 'out of memory',
  '53100': 'disk full',
  '53200': 'out of memory',
  '53300': 'no free connection',
  '55P03': 'lock timeout',
  '57014': 'statement timeout',
  '57P01': 'connection lost',
  '57P02': 'connection lost',
  '57P03': 'unreachable',
  '57P05': 'connection lost',
  '58030': 'disk failed',
};
const connectionExceptionClass = '08';

/**
 * The response to a statement is unreadable, for example because a text is too long for JavaScript. Its connection is closed.
 */
export class UnreadableAnswerError extends Error {
  constructor(cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`cannot read the response of the database: ${reason}`, { cause });
    this.name = 'UnreadableAnswerError';
  }
}

/**
 * Converts an error of a statement to one of ours if the API has an answer for it; returns others unchanged.
 * @param broken why the statement's connection is broken, if it is.
 */
export function postgresError(error: unknown, broken: Error | undefined): unknown {
  if (error instanceof pg.DatabaseError && error.code !== undefined) return errorOfCode(error, error.code);
  if (broken === undefined) return error;
  if (!(broken instanceof UnreadableAnswerError)) {
    return new TemporaryDatabaseError('connection lost', broken);
  }
  return broken.cause instanceof ResultTooLargeError ? broken.cause : broken;
}

/** Whether the connection broke before the statement was answered. */
export function isConnectionLost(error: unknown): boolean {
  return error instanceof TemporaryDatabaseError && error.fault === 'connection lost';
}

/** Whether the server rolled back the transaction and asks for a retry: a deadlock or a serialization failure. */
export function isConflict(error: unknown): boolean {
  return error instanceof TemporaryDatabaseError && error.fault === 'conflict';
}

function errorOfCode(error: Error, code: string): unknown {
  const constraint = constraints[code];
  if (constraint !== undefined) return new IntegrityError(constraint, error);
  if (unstorableCodes.has(code)) return new UnstorableValueError(error);
  const isUseless = code.startsWith(connectionExceptionClass) || isStalePlan(error, code);
  const fault = isUseless ? 'connection lost' : temporaryCodes[code];
  return fault === undefined ? error : new TemporaryDatabaseError(fault, error);
}

/**
 * Whether a statement was prepared for tables that have since been recreated or changed. It fails as long as its connection
 * is open; on a new one it is prepared for the current tables.
 */
function isStalePlan({ message }: Error, code: string): boolean {
  return (
    (code === '0A000' && message.includes('cached plan must not change result type')) ||
    (code === 'XX000' && message.startsWith('cache lookup failed'))
  );
}
