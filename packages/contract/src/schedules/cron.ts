import { MOST_CRON_CHARACTERS } from '../limits.ts';

/** The weekdays of a cron expression that count from the month's start (`fri#2`) or are its last (`l5`). */
export type NthWeekday = {
  /** 0 is Sunday, 6 is Saturday. */
  readonly weekday: number;
  /** Which one in its month: 1 to 5, or the last. */
  readonly nth: number | 'last';
};

/**
 * A parsed cron expression. Lists are ascending without duplicates; `undefined` is a field that allows everything.
 */
export type Cron = {
  readonly seconds: readonly number[] | undefined;
  readonly minutes: readonly number[] | undefined;
  readonly hours: readonly number[] | undefined;
  /** 1 to 31. Empty if only {@link Cron.lastDay} is given. */
  readonly days: readonly number[] | undefined;
  /** Whether the day field has `l`, the last day of the month. */
  readonly lastDay: boolean;
  /** 1 to 12. */
  readonly months: readonly number[] | undefined;
  /** 0 is Sunday, 6 is Saturday. */
  readonly weekdays: readonly number[] | undefined;
  /** If not empty, {@link Cron.weekdays} is `undefined`: they cannot be combined. */
  readonly nthWeekdays: readonly NthWeekday[];
};

/** Why {@link parseCron} refuses an expression: it is invalid, or it asks for random times. */
export type CronRefusal = 'invalid' | 'random';

type FieldName = 'minute' | 'hour' | 'day' | 'month' | 'weekday' | 'second';
type Field = { readonly name: FieldName; readonly low: number; readonly high: number; readonly all: number };

const fields: readonly Field[] = [
  { name: 'minute', low: 0, high: 59, all: 60 },
  { name: 'hour', low: 0, high: 23, all: 24 },
  { name: 'day', low: 1, high: 31, all: 31 },
  { name: 'month', low: 1, high: 12, all: 12 },
  { name: 'weekday', low: 0, high: 7, all: 7 },
  { name: 'second', low: 0, high: 59, all: 60 },
];

const aliases: ReadonlyMap<string, string> = new Map([
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
  ['@daily', '0 0 * * *'],
  ['@weekly', '0 0 * * 0'],
  ['@monthly', '0 0 1 * *'],
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
]);

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const hashed = /^h(\(\d+-\d+\))?(\/\d+)?$/;
const random = /^r(\(\d+-\d+\))?(\/\d+)?$/;
const nthWeekday = /^(\w+)#(\d+)/;
const lastWeekday = /^l(\d+)$/;
const range = /^([^-]+)-([^-/]+)(?:\/(\d+))?$/;

/**
 * Reads a cron expression in croniter's grammar: five fields, or six with the seconds last; `*`, numbers, names, lists,
 * ranges, steps, `l` as a day (the month's last), `l5` (the last Friday) and `fri#2` (the second) as weekdays; or one of
 * the aliases such as `@daily`. Case does not matter.
 */
export function parseCron(text: string): Cron | CronRefusal {
  if (text.length > MOST_CRON_CHARACTERS) return 'invalid';
  const lower = text.toLowerCase();
  const expressions = (aliases.get(lower) ?? lower).split(/\s+/).filter((part) => part !== '');
  if (expressions.length !== 5 && expressions.length !== 6) return 'invalid';
  const read: FieldValues[] = [];
  let isRandom = false;
  for (const [index, expression] of expressions.entries()) {
    const field = fields[index];
    if (field === undefined || hashed.test(expression)) return 'invalid';
    if (random.test(expression)) {
      isRandom = true;
      continue;
    }
    const values = readField(field, expression, expressions.length);
    if (values === undefined) return 'invalid';
    read.push(values);
  }
  return isRandom ? 'random' : cronOf(read);
}

type FieldValues = {
  values: readonly number[] | undefined;
  lastDay: boolean;
  nthWeekdays: readonly NthWeekday[];
};

function cronOf(read: readonly FieldValues[]): Cron {
  const [minute, hour, day, month, weekday, second] = read;
  return {
    seconds: second === undefined ? [0] : second.values,
    minutes: minute?.values,
    hours: hour?.values,
    days: day?.values,
    lastDay: day?.lastDay ?? false,
    months: month?.values,
    weekdays: weekday?.values,
    nthWeekdays: weekday?.nthWeekdays ?? [],
  };
}

function readField(field: Field, expression: string, fieldCount: number): FieldValues | undefined {
  const values = new Set<number>();
  const nths: NthWeekday[] = [];
  let everything = false;
  let lastDay = false;
  for (const item of expression.split(',')) {
    const read = readItem(field, item, fieldCount);
    if (read === undefined) return undefined;
    if (read === 'all') everything = true;
    else if (read === 'last-day') lastDay = true;
    else if ('nth' in read) nths.push(read);
    else for (const value of read) values.add(value);
  }
  // A weekday list cannot combine counted and plain weekdays: a plain one must equal one of the counted days.
  if (nths.length > 0) {
    if ([...values].some((value) => !nths.some((nth) => nth.weekday === value))) return undefined;
    return { values: undefined, lastDay, nthWeekdays: nths };
  }
  if (values.size === field.all) everything = true;
  const sorted = everything ? undefined : [...values].sort((a, b) => a - b);
  return { values: sorted, lastDay: lastDay && !everything, nthWeekdays: [] };
}

type Item = 'all' | 'last-day' | NthWeekday | readonly number[];

function readItem(field: Field, item: string, fieldCount: number): Item | undefined {
  if (field.name === 'weekday') {
    const counted = nthWeekday.exec(item);
    if (counted !== null) return readNthWeekday(counted[1] ?? '', Number(counted[2]), fieldCount);
    const last = lastWeekday.exec(item);
    if (last !== null) return readNthWeekday(last[1] ?? '', 'last', fieldCount);
  }
  if (item === '*') return 'all';
  if (item === 'l' && field.name === 'day') return 'last-day';
  const spread = range.exec(spellOut(field, item));
  if (spread !== null) {
    return readRange(field, spread[1] ?? '', spread[2] ?? '', Number(spread[3] ?? 1), fieldCount);
  }
  const value = readValue(field, item, fieldCount);
  return value === undefined ? undefined : [value];
}

/** Writes the steps without a range as a range with a step: `*`/5 from the lowest value, 10/5 from 10, to the highest. */
function spellOut(field: Field, item: string): string {
  if (item.length > 2 && item.startsWith('*/')) return `${field.low}-${field.high}${item.slice(1)}`;
  if (range.test(item)) return item;
  const slash = item.lastIndexOf('/', item.length - 2);
  return slash < 1 ? item : `${item.slice(0, slash)}-${field.high}${item.slice(slash)}`;
}

function readNthWeekday(weekday: string, nth: number | 'last', fieldCount: number): NthWeekday | undefined {
  if (nth !== 'last' && (nth < 1 || nth > 5)) return undefined;
  const [, , , , field] = fields;
  const value = field && readValue(field, weekday, fieldCount);
  return value === undefined ? undefined : { weekday: value, nth };
}

function readRange(
  field: Field,
  low: string,
  high: string,
  step: number,
  fieldCount: number,
): readonly number[] | undefined {
  const first = readNumber(field, low);
  let last = field.name === 'day' && high === 'l' ? 31 : readNumber(field, high);
  if (first === undefined || last === undefined || step === 0) return undefined;
  // Sunday (0) can end a range of weekdays, as day 7.
  if (field.name === 'weekday' && last === 0 && first > last) last = 7;
  if (first > last || last > field.high) return undefined;
  const values: number[] = [];
  for (let value = first; value <= last; value += step) {
    const allowed = inField(field, value, fieldCount);
    if (allowed === undefined) return undefined;
    values.push(allowed);
  }
  return values;
}

function readValue(field: Field, text: string, fieldCount: number): number | undefined {
  const value = readNumber(field, text);
  return value === undefined ? undefined : inField(field, value, fieldCount);
}

function readNumber(field: Field, text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  const names = field.name === 'month' ? months : field.name === 'weekday' ? weekdays : [];
  const index = names.indexOf(text);
  if (index < 0) return undefined;
  return field.name === 'month' ? index + 1 : index;
}

function inField(field: Field, value: number, fieldCount: number): number | undefined {
  if (field.name === 'weekday' && value === 7) return 0;
  // With six fields, croniter reads day 0 as day 1.
  if (field.name === 'day' && value === 0 && fieldCount === 6) return 1;
  return value < field.low || value > field.high ? undefined : value;
}
