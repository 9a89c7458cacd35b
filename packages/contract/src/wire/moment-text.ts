import { monthLength, yearLength } from '../calendar.ts';
import type { Timestamp } from '../timestamp.ts';
import { type MomentParts, microsOf, momentOf, partsProblem } from './calendar.ts';

/** The result of parsing a date-time: `problem` contains Python's message if its calendar refused the text. */
export type MomentFound = { moment: Timestamp } | { problem: string | undefined };

const unreadable: MomentFound = { problem: undefined };

/**
 * Parses a date-time in the forms that clients may send: ISO 8601 with calendar, ordinal and week dates, basic and
 * extended, and `YYYY/MM/DD HH:MM:SS`. Times without a date, periods and durations are refused.
 */
export function parseMoment(text: string): MomentFound {
  const iso = readIso(text);
  if (iso !== undefined) return iso;
  return readLoose(text);
}

type DateParts = Pick<MomentParts, 'year' | 'month' | 'day'>;
type TimeParts = Pick<MomentParts, 'hour' | 'minute' | 'second' | 'micros' | 'offset'>;

const midnight: TimeParts = { hour: 0, minute: 0, second: 0, micros: 0 };

function readIso(text: string): MomentFound | undefined {
  const split = text.search(/[T ]/);
  const date = readDate(split === -1 ? text : text.slice(0, split));
  const time = split === -1 ? midnight : readTime(text.slice(split + 1));
  if (date === undefined || time === undefined) return undefined;
  const parts = { ...date, ...time };
  if (partsProblem(parts) !== undefined) return undefined;
  if (Math.abs(parts.offset ?? 0) >= 24 * 60) return { problem: offsetProblem };
  const moment = momentOf(parts);
  return moment === undefined ? unreadable : { moment };
}

const offsetProblem =
  'offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24).';

function readDate(text: string): DateParts | undefined {
  const found = /^(\d{4})(-?)(.*)$/s.exec(text);
  if (found === null) return undefined;
  const year = Number(found[1]);
  const rest = found[3] ?? '';
  const hyphens = (found[2] ?? '') + rest.replace(/[^-]/g, '');
  const digits = rest.replaceAll('-', '');
  if (digits.startsWith('W')) return readWeekDate(year, digits.slice(1), hyphens.length);
  if (!/^\d*$/.test(digits)) return undefined;
  return readCalendarDate(year, digits, hyphens.length);
}

function readCalendarDate(year: number, digits: string, hyphens: number): DateParts | undefined {
  const number = Number(digits);
  if (hyphens > 0 && number === 0) return undefined;
  switch (digits.length) {
    case 0:
      return { year, month: 1, day: 1 };
    case 2:
      return hyphens === 1 ? { year, month: number, day: 1 } : undefined;
    case 3:
      return hyphens > 1 ? undefined : ordinalDate(year, number);
    case 4:
      return { year, month: Math.floor(number / 100), day: number % 100 };
    default:
      return undefined;
  }
}

function readWeekDate(year: number, digits: string, hyphens: number): DateParts | undefined {
  if (!/^\d{2,3}$/.test(digits) || (digits.length === 3 && hyphens === 1)) return undefined;
  const week = Number(digits.slice(0, 2));
  const weekday = digits.length === 3 ? Number(digits[2]) : 1;
  if (week > (isLongYear(year) ? 53 : 52) || weekday > 7 || (hyphens > 0 && week === 0)) return undefined;
  const ordinal = week * 7 + weekday - (isoWeekday(year, 1, 4) + 3);
  if (ordinal < 1) return ordinalDate(year - 1, ordinal + yearLength(year - 1));
  const excess = ordinal - yearLength(year);
  return excess > 0 ? ordinalDate(year + 1, excess) : ordinalDate(year, ordinal);
}

function ordinalDate(year: number, ordinal: number): DateParts | undefined {
  if (ordinal < 1) return undefined;
  let day = ordinal;
  for (let month = 1; month <= 12; month++) {
    const length = monthLength(year, month);
    if (day <= length) return { year, month, day };
    day -= length;
  }
  return undefined;
}

function isoWeekday(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCDay() || 7;
}

function isLongYear(year: number): boolean {
  return isoWeekday(year, 1, 1) === 4 || isoWeekday(year, 12, 31) === 4;
}

function readTime(text: string): TimeParts | undefined {
  const found = /^([\d:]*)(?:[.,](\d*))?(Z|[+-][\d:]+)?$/.exec(text);
  if (found === null) return undefined;
  const clock = readClock(found[1] ?? '');
  const offset = readOffset(found[3]);
  if (clock === undefined || offset === 'wrong') return undefined;
  return { ...clock, micros: microsOf(found[2]), offset };
}

function readClock(text: string): Pick<TimeParts, 'hour' | 'minute' | 'second'> | undefined {
  const digits = text.replaceAll(':', '');
  const colons = text.length - digits.length;
  const wanted = { 2: [0], 4: [0, 1], 6: [0, 2] }[digits.length];
  if (wanted === undefined || !wanted.includes(colons)) return undefined;
  return {
    hour: Number(digits.slice(0, 2)),
    minute: Number(digits.slice(2, 4)),
    second: Number(digits.slice(4, 6)),
  };
}

function readOffset(zone: string | undefined): number | undefined | 'wrong' {
  if (zone === undefined) return undefined;
  if (zone === 'Z') return 0;
  const digits = zone.slice(1).replaceAll(':', '');
  const colons = zone.length - 1 - digits.length;
  if (!(digits.length === 2 && colons === 0) && !(digits.length === 4 && colons <= 1)) return 'wrong';
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return zone.startsWith('-') ? -minutes : minutes;
}

/** `YYYY[/MM/DD]`, with slashes, colons or nothing between, and `HH:MM[:SS[.ffffff]]`. */
const loose =
  /^(\d{4})(?:[/:]?(\d{2})[/:]?(\d{2}))?(?: ?(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?(?:[.|,](\d{1,9}))?)?\n?$/;

function readLoose(text: string): MomentFound {
  if (text === '') return { problem: 'year 0 is out of range' };
  const found = loose.exec(text);
  if (found === null) return unreadable;
  const [, year, month = 1, day = 1, hour = 0, minute = 0, second = 0, fraction] = found;
  const parts = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    micros: microsOf(fraction),
  };
  const problem = partsProblem(parts);
  if (problem !== undefined) return { problem };
  const moment = momentOf(parts);
  return moment === undefined ? unreadable : { moment };
}
