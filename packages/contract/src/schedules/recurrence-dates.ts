import { invalid } from './recurrence-error.ts';

/** A date of an RRULE text: the local time as written, and whether it names a zone. */
export type RecurrenceDate = {
  /** The time on the clock, as seconds since 1970-01-01 00:00 on the same clock. */
  readonly wall: number;
  /** Whether the text has a zone: a `Z` or an offset. The schedule's time zone replaces it. */
  readonly zoned: boolean;
};

const form =
  /^(\d{4})(?:-(\d\d)-(\d\d)|(\d\d)(\d\d))(?:T(\d\d)(?::?(\d\d)(?::?(\d\d)(?:\.\d+)?)?)?)?(Z|[+-]\d\d(?::?\d\d)?)?$/;

/**
 * Reads `20240131`, `20240131T090000`, `20240131T090000Z` or the same in ISO 8601's long form, in upper case.
 * @throws RangeError if the text has another form or is not a date.
 */
export function readDate(text: string): RecurrenceDate {
  const parts = form.exec(text);
  if (parts === null) throw invalid(`Unknown string format: ${text}`);
  const [, year, month = parts[4], day = parts[5], , , hour = 0, minute = 0, second = 0, zone] = parts;
  const wall = wallSeconds(
    Number(year),
    Number(month),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  if (wall === undefined) throw invalid(`day is out of range for month: ${text}`);
  return { wall, zoned: zone !== undefined };
}

function wallSeconds(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number | undefined {
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (year < 1 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return date.getTime() / 1000 + hour * 3600 + minute * 60 + second;
}
