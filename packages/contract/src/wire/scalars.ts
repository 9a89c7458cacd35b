import { MOST_SCALAR_CHARACTERS } from '../limits.ts';
import { characterCount } from '../text-search.ts';
import { pythonFloat, pythonInt, pythonNumber } from './python.ts';
import { complain, type JsonSchema, type Report, refuseNull, type WireType, wireType } from './type.ts';

/** Rules for a string: minimum and maximum length in characters, and a pattern that must match at its start. */
export type TextRules = { min?: number; max?: number; pattern?: RegExp };

/** A string. Numbers become the text that they are written as, booleans become `True` and `False`. */
export function text(rules: TextRules = {}): WireType<string> {
  const { min, max, pattern } = rules;
  const free = min === undefined && max === undefined && pattern === undefined;
  return wireType(
    (value, report) => {
      const read = readText(value, report);
      return read === undefined || free ? read : checkText(read, rules, report);
    },
    {
      type: 'string',
      ...(min === undefined ? {} : { minLength: min }),
      ...(max === undefined ? {} : { maxLength: max }),
      ...(pattern === undefined ? {} : { pattern: pattern.source }),
    },
  );
}

/** Reads any string, for types that add their own rules. */
export function readText(value: unknown, report: Report): string | undefined {
  if (typeof value === 'string') return value;
  if (value === null) return refuseNull(report);
  return pythonNumber(value)?.text ?? complain(report, 'type_error.str', 'str type expected');
}

function checkText(value: string, { min, max, pattern }: TextRules, report: Report): string | undefined {
  const length = min === undefined && max === undefined ? 0 : characterCount(value);
  if (min !== undefined && length < min) {
    return complain(
      report,
      'value_error.any_str.min_length',
      `ensure this value has at least ${min} characters`,
      { limit_value: min },
    );
  }
  if (max !== undefined && length > max) {
    return complain(
      report,
      'value_error.any_str.max_length',
      `ensure this value has at most ${max} characters`,
      { limit_value: max },
    );
  }
  if (pattern !== undefined && !matches(pattern, value)) {
    return complain(report, 'value_error.str.regex', `string does not match regex "${pattern.source}"`, {
      pattern: pattern.source,
    });
  }
  return value;
}

/** Whether a pattern matches as in Python, where `$` also matches before a final line break. */
function matches(pattern: RegExp, value: string): boolean {
  if (pattern.test(value)) return true;
  return value.endsWith('\n') && pattern.source.endsWith('$') && pattern.test(value.slice(0, -1));
}

/** Bounds of a number. */
export type NumberRules = { ge?: number; gt?: number; le?: number; lt?: number };

/** An integer. Fractions are truncated, strings of digits are accepted, booleans are 0 and 1. */
export function integer(rules: NumberRules = {}): WireType<number> {
  return wireType(
    (value, report) => {
      if (value === null) return refuseNull(report);
      const number = typeof value === 'string' ? pythonInt(value) : pythonNumber(value)?.value;
      if (number === undefined || !Number.isFinite(number)) {
        return complain(report, 'type_error.integer', 'value is not a valid integer');
      }
      return checkNumber(Math.trunc(number), rules, report);
    },
    { type: 'integer', ...bounds(rules) },
  );
}

/** A number. Strings that contain one are accepted, booleans are 0 and 1. */
export function float(rules: NumberRules = {}): WireType<number> {
  return wireType(
    (value, report) => {
      if (value === null) return refuseNull(report);
      const number = typeof value === 'string' ? pythonFloat(value) : pythonNumber(value)?.value;
      if (number === undefined) return complain(report, 'type_error.float', 'value is not a valid float');
      return checkNumber(number, rules, report);
    },
    { type: 'number', ...bounds(rules) },
  );
}

function checkNumber(value: number, { ge, gt, le, lt }: NumberRules, report: Report): number | undefined {
  if (gt !== undefined && !(value > gt)) return refuseBound(report, 'gt', 'greater than', gt);
  if (ge !== undefined && !(value >= ge)) return refuseBound(report, 'ge', 'greater than or equal to', ge);
  if (lt !== undefined && !(value < lt)) return refuseBound(report, 'lt', 'less than', lt);
  if (le !== undefined && !(value <= le)) return refuseBound(report, 'le', 'less than or equal to', le);
  return value;
}

function refuseBound(report: Report, rule: string, words: string, limit: number): undefined {
  return complain(report, `value_error.number.not_${rule}`, `ensure this value is ${words} ${limit}`, {
    limit_value: limit,
  });
}

function bounds({ ge, gt, le, lt }: NumberRules): JsonSchema {
  return {
    ...(ge === undefined ? {} : { minimum: ge }),
    ...(gt === undefined ? {} : { exclusiveMinimum: gt }),
    ...(le === undefined ? {} : { maximum: le }),
    ...(lt === undefined ? {} : { exclusiveMaximum: lt }),
  };
}

const trueWords: ReadonlySet<string> = new Set(['1', 'on', 't', 'true', 'y', 'yes']);
const falseWords: ReadonlySet<string> = new Set(['0', 'off', 'f', 'false', 'n', 'no']);

/** A boolean; 0 and 1 and the words for yes and no count. */
export function boolean(): WireType<boolean> {
  return wireType(
    (value, report) => {
      if (typeof value === 'boolean') return value;
      if (value === null) return refuseNull(report);
      const answer = typeof value === 'string' ? wordAnswer(value.toLowerCase()) : numberAnswer(value);
      return answer ?? complain(report, 'type_error.bool', 'value could not be parsed to a boolean');
    },
    { type: 'boolean' },
  );
}

function wordAnswer(word: string): boolean | undefined {
  if (trueWords.has(word)) return true;
  return falseWords.has(word) ? false : undefined;
}

function numberAnswer(value: unknown): boolean | undefined {
  const number = pythonNumber(value)?.value;
  if (number === 1) return true;
  return number === 0 ? false : undefined;
}

const plainUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** 32 characters in which Python still reads a hexadecimal number. */
const looseHex = /^(?:0[xX]_?)?[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*$/;

/** A UUID, with or without hyphens, braces and `urn:uuid:`; read as lower-case text with hyphens. */
export function uuid(): WireType<string> {
  return wireType(
    (value, report) => {
      if (typeof value === 'string') {
        if (plainUuid.test(value)) return value;
        const read = value.length > MOST_SCALAR_CHARACTERS ? undefined : looseUuid(value);
        if (read !== undefined) return read;
      }
      if (value === null) return refuseNull(report);
      return complain(report, 'type_error.uuid', 'value is not a valid uuid');
    },
    { type: 'string', format: 'uuid' },
  );
}

function looseUuid(value: string): string | undefined {
  const bare = withoutBraces(value.replaceAll('urn:', '').replaceAll('uuid:', '')).replaceAll('-', '');
  if (bare.length !== 32) return undefined;
  const number = bare.trim().replace(/^\+/, '');
  if (!looseHex.test(number)) return undefined;
  const hex = number
    .replace(/^0[xX]/, '')
    .replaceAll('_', '')
    .toLowerCase()
    .padStart(32, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Drops braces at both ends. */
function withoutBraces(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isBrace(text[from])) from += 1;
  while (from < to && isBrace(text[to - 1])) to -= 1;
  return text.slice(from, to);
}

function isBrace(letter: string | undefined): boolean {
  return letter === '{' || letter === '}';
}
