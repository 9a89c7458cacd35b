import { monthLength } from '../calendar.ts';
import { fromEpoch, type Timestamp } from '../timestamp.ts';

/** The parts of a date-time; `offset` is the minutes east of UTC, undefined without a zone. */
export type MomentParts = {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  micros: number;
  offset?: number | undefined;
};

/** The problem with the parts, in Python's words; undefined if they are a valid date-time. */
export function partsProblem(parts: MomentParts): string | undefined {
  if (parts.year < 1) return `year ${parts.year} is out of range`;
  if (parts.month < 1 || parts.month > 12) return 'month must be in 1..12';
  if (parts.day < 1 || parts.day > monthLength(parts.year, parts.month)) {
    return 'day is out of range for month';
  }
  if (parts.hour > 23) return 'hour must be in 0..23';
  if (parts.minute > 59) return 'minute must be in 0..59';
  return parts.second > 59 ? 'second must be in 0..59' : undefined;
}

/**
 * The timestamp of valid parts; without a zone they are UTC. Undefined if the offset moves it outside the years 1 to
 * 9999.
 */
export function momentOf(parts: MomentParts): Timestamp | undefined {
  const { year, month, day, hour, minute, second, micros, offset = 0 } = parts;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  try {
    return fromEpoch(date.getTime() / 1000 - offset * 60, micros);
  } catch {
    return undefined;
  }
}

/** A fraction of a second (the digits after the point) in microseconds; further digits are dropped. */
export function microsOf(digits: string | undefined): number {
  return digits === undefined ? 0 : Number(digits.slice(0, 6).padEnd(6, '0'));
}
