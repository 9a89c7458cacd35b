/** Seconds of a day on the clock. */
export const secondsPerDay = 86_400;

/** A date of the Gregorian calendar. */
export type CalendarDate = { readonly year: number; readonly month: number; readonly day: number };

const firstDays = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether a year has 366 days. */
function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** The number of days of a year. */
export function yearLength(year: number): number {
  return isLeapYear(year) ? 366 : 365;
}

/** The number of days of a month, 1 to 12. */
export function monthLength(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (lengths[month - 1] ?? 0);
}

/** The number of days in a year before a month, 1 to 12. */
export function daysBeforeMonth(year: number, month: number): number {
  return (firstDays[month - 1] ?? 0) + (month > 2 && isLeapYear(year) ? 1 : 0);
}

/** The day number of a year's first of January; 1970-01-01 is day 0. */
export function firstDayOf(year: number): number {
  const before = year - 1;
  return (
    before * 365 + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400) - 719_162
  );
}

/** The day number of a date; 1970-01-01 is day 0. */
export function dayNumber(year: number, month: number, day: number): number {
  return firstDayOf(year) + daysBeforeMonth(year, month) + day - 1;
}

/** The date of a day number. */
export function dateOf(day: number): CalendarDate {
  const year = yearOf(day);
  const inYear = day - firstDayOf(year);
  let month = Math.min(12, Math.floor(inYear / 29) + 1);
  while (daysBeforeMonth(year, month) > inYear) month -= 1;
  return { year, month, day: inYear - daysBeforeMonth(year, month) + 1 };
}

/** The year of a day number. */
export function yearOf(day: number): number {
  let year = Math.floor((day + 719_162) / 365.2425) + 1;
  if (firstDayOf(year) > day) year -= 1;
  else if (firstDayOf(year + 1) <= day) year += 1;
  return year;
}

/** The weekday of a day number: 0 is Monday, 6 is Sunday. */
export function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}
