import { type BrokenConstraint, IntegrityError, UnstorableValueError } from '../errors.ts';

/** SQLite's extended result codes of broken constraints. */
const constraints: Record<number, BrokenConstraint> = {
  275: 'check',
  787: 'foreign key',
  1299: 'not null',
  1555: 'unique',
  2067: 'unique',
  2579: 'unique',
};
const constraintCode = 19;
const busyCodes = new Set([5, 6, 261, 262, 517, 773]);
const unstorable = /too large|out of range|too big|datatype mismatch/i;

/** Turns an error of the driver into ours where the API has an answer for it; others come back as they are. */
export function sqliteError(error: unknown): unknown {
  const code = resultCode(error);
  if (code === undefined) return isUnstorable(error) ? new UnstorableValueError(error) : error;
  if (code % 256 === constraintCode) return new IntegrityError(constraints[code] ?? 'check', error);
  return error;
}

/** Whether another connection holds the lock that this statement needs. */
export function isBusy(error: unknown): boolean {
  const code = resultCode(error);
  return code !== undefined && busyCodes.has(code);
}

function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode : undefined;
}

function isUnstorable(error: unknown): boolean {
  return error instanceof Error && unstorable.test(error.message);
}
