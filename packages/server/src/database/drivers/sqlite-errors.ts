import {
  type BrokenConstraint,
  IntegrityError,
  TemporaryDatabaseError,
  type TemporaryFault,
  UnstorableValueError,
} from '../errors.ts';

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
/** SQLite's code for many errors, including too long LIKE patterns. */
const generalCode = 1;
/** A text or a statement is too big; a number is not a 64-bit integer where one is required. */
const tooBigCodes = new Set([18, 20]);
const unstorable = /too large|out of range|too big|datatype mismatch|pattern too complex/i;
/** Extended codes that are more specific than their primary one. */
const temporaryExtendedCodes: Record<number, TemporaryFault> = { 1032: 'file replaced' };
/** Primary codes after which the same may succeed later. */
const temporaryCodes: Record<number, TemporaryFault> = {
  5: 'lock timeout',
  6: 'lock timeout',
  7: 'out of memory',
  8: 'disk failed',
  10: 'disk failed',
  13: 'disk full',
  14: 'disk failed',
  15: 'lock timeout',
};

/** Converts an error of the driver to one of ours if the API has an answer for it; returns others unchanged. */
export function sqliteError(error: unknown): unknown {
  const code = resultCode(error);
  if (code !== undefined && code % 256 === constraintCode) {
    return new IntegrityError(constraints[code] ?? 'check', error);
  }
  const fault = code === undefined ? undefined : (temporaryExtendedCodes[code] ?? temporaryCodes[code % 256]);
  if (fault !== undefined) return new TemporaryDatabaseError(fault, error);
  const isUnstorable =
    code === undefined || code === generalCode ? hasUnstorable(error) : tooBigCodes.has(code);
  return isUnstorable ? new UnstorableValueError(error) : error;
}

/** Whether another connection holds the lock that this statement needs. */
export function isBusy(error: unknown): boolean {
  return error instanceof TemporaryDatabaseError && error.fault === 'lock timeout';
}

/** Whether a row contains an integer that JavaScript cannot represent exactly. */
export function isBeyondNumbers(error: unknown): boolean {
  return error instanceof RangeError && 'code' in error && error.code === 'ERR_OUT_OF_RANGE';
}

function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode : undefined;
}

function hasUnstorable(error: unknown): boolean {
  return error instanceof Error && unstorable.test(error.message);
}
