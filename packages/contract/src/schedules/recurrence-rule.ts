import { type RecurrenceDate, readDate } from './recurrence-dates.ts';
import { invalid } from './recurrence-error.ts';

/** How often a rule repeats, before its interval. */
export type Frequency = 'YEARLY' | 'MONTHLY' | 'WEEKLY' | 'DAILY' | 'HOURLY' | 'MINUTELY' | 'SECONDLY';

/** A weekday of a rule. */
export type RecurrenceWeekday = {
  /** 0 is Monday, 6 is Sunday. */
  readonly weekday: number;
  /** Which one in its month or year, from the end if negative; undefined means all. */
  readonly nth: number | undefined;
};

/** One recurrence rule as written, without filled-in values. An `undefined` list does not restrict. */
export type RecurrenceRule = {
  readonly frequency: Frequency;
  /** From 1. */
  readonly interval: number;
  readonly count: number | undefined;
  /** The last allowed time on the clock, in seconds as in a {@link RecurrenceDate}. */
  readonly until: number | undefined;
  /** The weekday on which weeks start: 0 is Monday. */
  readonly weekStart: number;
  readonly positions: readonly number[] | undefined;
  readonly months: readonly number[] | undefined;
  readonly monthDays: readonly number[] | undefined;
  readonly yearDays: readonly number[] | undefined;
  /** Days from Easter Sunday. */
  readonly easterDays: readonly number[] | undefined;
  readonly weeks: readonly number[] | undefined;
  readonly weekdays: readonly RecurrenceWeekday[] | undefined;
  readonly hours: readonly number[] | undefined;
  readonly minutes: readonly number[] | undefined;
  readonly seconds: readonly number[] | undefined;
};

const frequencies: readonly Frequency[] = [
  'YEARLY',
  'MONTHLY',
  'WEEKLY',
  'DAILY',
  'HOURLY',
  'MINUTELY',
  'SECONDLY',
];
const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const known = new Set([
  ...['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'WKST', 'BYSETPOS', 'BYMONTH', 'BYMONTHDAY', 'BYYEARDAY'],
  ...['BYEASTER', 'BYWEEKNO', 'BYDAY', 'BYWEEKDAY', 'BYHOUR', 'BYMINUTE', 'BYSECOND'],
]);

/** The message for a rule without a frequency: the only one that reaches the client unchanged. */
export const frequencyMissing = "rrule.__init__() missing 1 required positional argument: 'freq'";

/**
 * Parses one rule, such as `FREQ=DAILY;COUNT=3`, in capitals, and validates it together with the start of its text.
 * @throws RangeError with the API's message.
 */
export function readRule(text: string, start: RecurrenceDate | undefined): RecurrenceRule {
  if (text.includes(':')) throw invalid('unknown parameter name');
  const parts = readParts(text);
  const until = read(parts, 'UNTIL', readDate);
  const rule: RecurrenceRule = {
    frequency: read(parts, 'FREQ', frequency) ?? missingFrequency(),
    interval: read(parts, 'INTERVAL', interval) ?? 1,
    count: read(parts, 'COUNT', integer),
    until: until?.wall,
    weekStart: read(parts, 'WKST', weekdayNumber) ?? 0,
    positions: read(parts, 'BYSETPOS', integers),
    months: read(parts, 'BYMONTH', integers),
    monthDays: read(parts, 'BYMONTHDAY', integers),
    yearDays: read(parts, 'BYYEARDAY', integers),
    easterDays: read(parts, 'BYEASTER', integers),
    weeks: read(parts, 'BYWEEKNO', integers),
    weekdays: read(parts, 'BYDAY', weekdayList),
    hours: read(parts, 'BYHOUR', integers),
    minutes: read(parts, 'BYMINUTE', integers),
    seconds: read(parts, 'BYSECOND', integers),
  };
  if (start !== undefined && until !== undefined && start.zoned !== until.zoned) {
    throw invalid('RRULE UNTIL values must be specified in UTC when DTSTART is timezone-aware');
  }
  checkRanges(rule, start);
  return rule;
}

function readParts(text: string): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  for (const pair of text.split(';')) {
    const [name = '', value, ...more] = pair.split('=');
    if (value === undefined) throw invalid('not enough values to unpack (expected 2, got 1)');
    if (more.length > 0) throw invalid('too many values to unpack (expected 2)');
    if (!known.has(name)) throw invalid(`unknown parameter '${name}'`);
    parts.set(name === 'BYWEEKDAY' ? 'BYDAY' : name, value);
  }
  return parts;
}

function read<T>(
  parts: ReadonlyMap<string, string>,
  name: string,
  reader: (text: string) => T,
): T | undefined {
  const text = parts.get(name);
  if (text === undefined) return undefined;
  try {
    return reader(text);
  } catch {
    throw invalid(`invalid '${name}': ${text}`);
  }
}

function missingFrequency(): never {
  throw invalid(frequencyMissing);
}

function frequency(text: string): Frequency {
  const found = frequencies.find((name) => name === text);
  if (found === undefined) throw invalid(text);
  return found;
}

function integer(text: string): number {
  if (!/^[+-]?\d+(_\d+)*$/.test(text)) throw invalid(text);
  return Number(text.replaceAll('_', ''));
}

function integers(text: string): number[] {
  return text.split(',').map(integer);
}

function interval(text: string): number {
  const value = integer(text);
  if (value < 1) throw invalid(text);
  return value;
}

function weekdayNumber(text: string): number {
  const index = weekdays.indexOf(text);
  if (index < 0) throw invalid(text);
  return index;
}

/** `MO`, `-1MO` or `MO(-1)`. */
function weekdayList(text: string): RecurrenceWeekday[] {
  return text.split(',').map((item) => {
    const bracket = item.indexOf('(');
    const name = bracket < 0 ? item.replace(/^[+-\d]*/, '') : item.slice(0, bracket);
    const count = bracket < 0 ? item.slice(0, item.length - name.length) : item.slice(bracket + 1, -1);
    const nth = bracket < 0 && count === '' ? undefined : integer(count);
    if (nth === 0) throw invalid(item);
    return { weekday: weekdayNumber(name), nth };
  });
}

/** The unit of a frequency of less than a day: its list, its seconds, and how many make the next unit. */
const ownUnits: Partial<
  Record<Frequency, { values: 'hours' | 'minutes' | 'seconds'; seconds: number; inNext: number }>
> = {
  HOURLY: { values: 'hours', seconds: 3600, inNext: 24 },
  MINUTELY: { values: 'minutes', seconds: 60, inNext: 60 },
  SECONDLY: { values: 'seconds', seconds: 1, inNext: 60 },
};

function checkRanges(rule: RecurrenceRule, start: RecurrenceDate | undefined): void {
  if (rule.positions?.some((position) => position === 0 || Math.abs(position) > 366)) {
    throw invalid('bysetpos must be between 1 and 366, or between -366 and -1');
  }
  const own = ownUnits[rule.frequency];
  if (own !== undefined) {
    checkReached(rule, rule[own.values], start, own.seconds, own.inNext);
    return;
  }
  checkTimes('hour', rule.hours, 23);
  checkTimes('minute', rule.minutes, 59);
  checkTimes('second', rule.seconds, 59);
}

/** Refuses values of the frequency's own unit if the interval skips all of them, as far as the start is known. */
function checkReached(
  rule: RecurrenceRule,
  values: readonly number[] | undefined,
  start: RecurrenceDate | undefined,
  unit: number,
  base: number,
): void {
  if (values === undefined || start === undefined) return;
  const from = Math.floor(start.wall / unit);
  const step = greatestCommonDivisor(rule.interval, base);
  if (values.some((value) => (value - from) % step === 0)) return;
  throw invalid('Invalid rrule byxxx generates an empty set.');
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function checkTimes(unit: string, values: readonly number[] | undefined, highest: number): void {
  if (values?.some((value) => value < 0 || value > highest)) {
    throw invalid(`${unit} must be in 0..${highest}`);
  }
}
