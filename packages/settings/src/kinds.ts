import type { JsonSchema } from '@mintaka/contract/wire';

/** A kind of setting. `parse` returns the value, or undefined if the text breaks the rule. */
export type Kind<Value> = {
  /** The rule, to follow "must be". */
  readonly rule: string;
  readonly parse: (text: string) => Value | undefined;
  /** The format in which `GET /admin/settings` shows the value, if it is not the value itself. */
  readonly shown?: 'float';
  /** The JSON schema of the value. */
  readonly schema: JsonSchema;
};

/** Any text, including the empty one. */
export const text: Kind<string> = { rule: 'text', parse: (given) => given, schema: { type: 'string' } };

/** A key that clients can send in a header: HTTP transfers only visible ASCII characters unchanged. */
export const headerKey: Kind<string> = {
  rule: 'a key of one or more letters, digits and other visible ASCII characters, without spaces (unset it to use no key)',
  parse: (given) => (/^[!-~]+$/.test(given) ? given : undefined),
  schema: { type: 'string' },
};

/** A key of Fernet's, in URL-safe or ordinary base64, with or without its padding. */
export const fernetKey: Kind<string> = {
  rule: 'a Fernet key: 32 bytes in URL-safe base64, which is 44 characters (unset it to let the server generate one)',
  parse: (given) => (/^[\w+/-]{43}=?$/.test(given.trim()) ? given.trim() : undefined),
  schema: { type: 'string' },
};

/** A file or folder; `~` and `~/…` are the user's home folder. */
export const path: Kind<string> = {
  rule: 'a path',
  parse: (given) => given,
  schema: { type: 'string', format: 'path' },
};

const trueWords = new Set(['1', 'on', 't', 'true', 'y', 'yes']);
const falseWords = new Set(['0', 'off', 'f', 'false', 'n', 'no']);

/** True or false, in all spellings that pydantic accepts. */
export const flag: Kind<boolean> = {
  rule: 'true or false (also 1/0, on/off, yes/no)',
  parse: (given) => {
    const word = given.toLowerCase();
    return trueWords.has(word) ? true : falseWords.has(word) ? false : undefined;
  },
  schema: { type: 'boolean' },
};

const wholeNumber = /^\s*[+-]?\d+(?:_\d+)*\s*$/;

/** A whole number of at least `least` and at most `most`. */
export function integer(least: number, most = Number.MAX_SAFE_INTEGER): Kind<number> {
  const limits = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  return {
    rule: `a whole number ${limits}`,
    parse: (given) => (wholeNumber.test(given) ? within(toNumber(given), least, most) : undefined),
    schema: { type: 'integer' },
  };
}

const decimalNumber = /^\s*[+-]?(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+)?\s*$/;

/** A number of seconds of at least 0, possibly with a fraction. */
export const seconds: Kind<number> = {
  rule: 'a number of seconds of at least 0',
  parse: (given) => (decimalNumber.test(given) ? within(toNumber(given), 0, Number.MAX_VALUE) : undefined),
  shown: 'float',
  schema: { type: 'number' },
};

const clockForm =
  /^(?:(?<days>-?\d+) (?:days?, )?)?(?:(?<hours>-?\d+):(?<minutesOfHours>\d+):(?<secondsOfHours>\d+)|(?:(?<minutes>-?\d+):)?(?<seconds>-?\d+))(?:\.(?<fraction>\d{1,6})\d{0,6})?$/;
const isoForm =
  /^(?<sign>[-+]?)P(?:(?<days>\d+(?:\.\d+)?)D)?(?:T(?:(?<hours>\d+(?:\.\d+)?)H)?(?:(?<minutes>\d+(?:\.\d+)?)M)?(?:(?<seconds>\d+(?:\.\d+)?)S)?)?$/;

/** A duration, given in seconds, as `1 day, 2:30:00` or in ISO 8601; its value is in seconds. */
export const duration: Kind<number> = {
  rule: 'a duration: seconds, [days ]hours:minutes:seconds, or ISO 8601 such as PT1H',
  parse: (given) => {
    const parts = (clockForm.exec(given) ?? isoForm.exec(given))?.groups;
    if (parts === undefined) return undefined;
    const count = (part: string | undefined) => Number(part ?? 0);
    const whole =
      count(parts.days) * 86_400 +
      count(parts.hours) * 3600 +
      count(parts.minutes ?? parts.minutesOfHours) * 60 +
      count(parts.seconds ?? parts.secondsOfHours);
    const length = whole + Number(`0.${parts.fraction ?? 0}`);
    return parts.sign === '-' ? -length : length;
  },
  shown: 'float',
  schema: { type: 'number', format: 'time-delta' },
};

/** One of a few words. */
export function choice<const Word extends string>(...words: readonly Word[]): Kind<Word> {
  return {
    rule: `one of ${words.join(', ')}`,
    parse: (given) => words.find((word) => word === given),
    schema: { type: 'string', enum: words },
  };
}

/** The names of Python's log levels, most silent first. */
export const LOG_LEVELS = [
  'CRITICAL',
  'FATAL',
  'ERROR',
  'WARNING',
  'WARN',
  'INFO',
  'DEBUG',
  'NOTSET',
] as const;

/** How much is logged. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A log level, in capitals or not. */
export const logLevel: Kind<LogLevel> = {
  rule: `one of ${LOG_LEVELS.join(', ')}`,
  parse: (given) => LOG_LEVELS.find((level) => level === given.toUpperCase()),
  schema: { type: 'string' },
};

function toNumber(given: string): number {
  return Number(given.replaceAll('_', ''));
}

function within(value: number, least: number, most: number): number | undefined {
  return value >= least && value <= most ? value : undefined;
}
