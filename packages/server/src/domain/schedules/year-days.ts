import type { RecurrenceWeekday } from '@mintaka/contract';
import { dayNumber, daysBeforeMonth, firstDayOf, monthLength, weekdayOf, yearLength } from './calendar.ts';
import type { FilledRule } from './filled-rule.ts';

/** Which days of a year a rule allows, by their place in the year from 0. */
export type YearDays = Uint8Array<ArrayBuffer>;

type Day = {
  readonly inYear: number;
  readonly length: number;
  readonly month: number;
  readonly day: number;
  readonly monthLength: number;
  readonly weekday: number;
};

const everyMonth = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

type Restriction = (day: Day) => boolean;

/** Works out {@link YearDays}. */
export function allowedDays(rule: FilledRule, year: number): YearDays {
  const restrictions = [
    byWeek(rule, year),
    byWeekday(rule),
    byEaster(rule, year),
    byMonthDay(rule),
    byYearDay(rule),
  ].filter((restriction) => restriction !== undefined);
  const length = yearLength(year);
  const allowed = new Uint8Array(length);
  const firstWeekday = weekdayOf(firstDayOf(year));
  for (const month of rule.months ?? everyMonth) {
    if (month < 1 || month > 12) continue;
    const days = monthLength(year, month);
    const before = daysBeforeMonth(year, month);
    for (let day = 1; day <= days; day++) {
      const inYear = before + day - 1;
      const weekday = (firstWeekday + inYear) % 7;
      const candidate = { inYear, length, month, day, monthLength: days, weekday };
      if (restrictions.every((allows) => allows(candidate))) allowed[inYear] = 1;
    }
  }
  return allowed;
}

function byMonthDay(rule: FilledRule): Restriction | undefined {
  const days = rule.monthDays?.filter((day) => day !== 0) ?? [];
  if (days.length === 0) return undefined;
  return (day) => days.includes(day.day) || days.includes(day.day - day.monthLength - 1);
}

function byYearDay(rule: FilledRule): Restriction | undefined {
  const { yearDays } = rule;
  return (
    yearDays && ((day) => yearDays.includes(day.inYear + 1) || yearDays.includes(day.inYear - day.length))
  );
}

/** Weekdays with a count are counted in the month, or in the year where a yearly rule names no months. */
function byWeekday(rule: FilledRule): Restriction | undefined {
  const { weekdays } = rule;
  if (weekdays === undefined) return undefined;
  const inYear = rule.frequency === 'YEARLY' && rule.months === undefined;
  const counts = rule.frequency === 'YEARLY' || rule.frequency === 'MONTHLY';
  return (day) => {
    const place = inYear ? day.inYear : day.day - 1;
    const length = inYear ? day.length : day.monthLength;
    return weekdays.some(
      (wanted) => wanted.weekday === day.weekday && (!counts || isNth(wanted, place, length)),
    );
  };
}

function isNth(wanted: RecurrenceWeekday, place: number, length: number): boolean {
  if (wanted.nth === undefined) return true;
  if (wanted.nth > 0) return Math.floor(place / 7) + 1 === wanted.nth;
  return Math.floor((length - 1 - place) / 7) + 1 === -wanted.nth;
}

/** Week 1 is the first with at least four days in the year; a week belongs to the year of its fourth day. */
function byWeek(rule: FilledRule, year: number): Restriction | undefined {
  const { weeks } = rule;
  if (weeks === undefined) return undefined;
  const first = firstDayOf(year);
  const starts = [year - 1, year, year + 1, year + 2].map((each) => firstWeekOf(each, rule.weekStart));
  return (day) => {
    const number = first + day.inYear;
    const place = starts.findLastIndex((start) => start <= number);
    const start = starts[place] ?? 0;
    const next = starts[place + 1] ?? 0;
    const week = Math.floor((number - start) / 7) + 1;
    return weeks.includes(week) || weeks.includes(week - (next - start) / 7 - 1);
  };
}

/** The day number on which a year's week 1 starts. */
function firstWeekOf(year: number, weekStart: number): number {
  const fourth = firstDayOf(year) + 3;
  return fourth - ((weekdayOf(fourth) - weekStart + 7) % 7);
}

function byEaster(rule: FilledRule, year: number): Restriction | undefined {
  const { easterDays } = rule;
  if (easterDays === undefined) return undefined;
  const easter = easterOf(year) - firstDayOf(year);
  return (day) => easterDays.includes(day.inYear - easter);
}

/** The day number of Easter Sunday in the Gregorian calendar, by Oudin's rule. */
function easterOf(year: number): number {
  const century = Math.floor(year / 100);
  const golden = year % 19;
  const shift = Math.floor((century - 17) / 25);
  const epact =
    (century - Math.floor(century / 4) - Math.floor((century - shift) / 3) + 19 * golden + 15) % 30;
  const moon =
    epact -
    Math.floor(epact / 28) *
      (1 - Math.floor(epact / 28) * Math.floor(29 / (epact + 1)) * Math.floor((21 - golden) / 11));
  const weekday = (year + Math.floor(year / 4) + moon + 2 - century + Math.floor(century / 4)) % 7;
  return dayNumber(year, 3, 1) + 27 + moon - weekday;
}
