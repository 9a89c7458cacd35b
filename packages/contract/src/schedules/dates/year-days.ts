import {
  dayNumber,
  daysBeforeMonth,
  firstDayOf,
  monthLength,
  weekdayOf,
  yearLength,
} from '../../calendar.ts';
import type { RecurrenceWeekday } from '../recurrence.ts';
import type { FilledRule } from './filled-rule.ts';

/** Which days of a year a rule allows, by their index in the year from 0. */
export type YearDays = Uint8Array<ArrayBuffer>;

type Day = {
  readonly inYear: number;
  readonly length: number;
  readonly month: number;
  readonly day: number;
  readonly monthLength: number;
  readonly weekday: number;
};

/** The day restrictions of a rule, prepared so that the cost per day does not depend on the length of its lists. */
export type DayRule = {
  readonly months: readonly number[];
  readonly monthDays: ReadonlySet<number> | undefined;
  readonly yearDays: ReadonlySet<number> | undefined;
  readonly easterDays: ReadonlySet<number> | undefined;
  readonly weeks: ReadonlySet<number> | undefined;
  readonly weekStart: number;
  /** For each weekday: whether it always counts, or which ones count if they are numbered. */
  readonly weekdays: readonly Weekdays[] | undefined;
  /** Whether weekdays are counted in the year, in the month, or not at all. */
  readonly counted: 'year' | 'month' | undefined;
};

type Weekdays = { every: boolean; readonly nth: Set<number> };

const everyMonth = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

/** Prepares the lists of a rule. */
export function dayRule(rule: FilledRule): DayRule {
  const monthDays = setOf(rule.monthDays?.filter((day) => day !== 0));
  return {
    months: everyMonth.filter((month) => rule.months?.includes(month) ?? true),
    monthDays: monthDays?.size === 0 ? undefined : monthDays,
    yearDays: setOf(rule.yearDays),
    easterDays: setOf(rule.easterDays),
    weeks: setOf(rule.weeks),
    weekStart: rule.weekStart,
    weekdays: rule.weekdays && weekdaysOf(rule.weekdays),
    counted: countedIn(rule),
  };
}

function setOf(values: readonly number[] | undefined): ReadonlySet<number> | undefined {
  return values && new Set(values);
}

function weekdaysOf(weekdays: readonly RecurrenceWeekday[]): Weekdays[] {
  const days = Array.from({ length: 7 }, () => ({ every: false, nth: new Set<number>() }));
  for (const { weekday, nth } of weekdays) {
    const wanted = days[weekday];
    if (wanted === undefined) continue;
    if (nth === undefined) wanted.every = true;
    else wanted.nth.add(nth);
  }
  return days;
}

/** Weekdays with a count are counted in the month, or in the year if a yearly rule names no months. */
function countedIn({ frequency, months }: FilledRule): DayRule['counted'] {
  if (frequency === 'YEARLY' && months === undefined) return 'year';
  return frequency === 'YEARLY' || frequency === 'MONTHLY' ? 'month' : undefined;
}

type Restriction = (day: Day) => boolean;

/** Works out {@link YearDays}. */
export function allowedDays(rule: DayRule, year: number): YearDays {
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
  for (const month of rule.months) {
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

function byMonthDay({ monthDays }: DayRule): Restriction | undefined {
  return monthDays && ((day) => monthDays.has(day.day) || monthDays.has(day.day - day.monthLength - 1));
}

function byYearDay({ yearDays }: DayRule): Restriction | undefined {
  return yearDays && ((day) => yearDays.has(day.inYear + 1) || yearDays.has(day.inYear - day.length));
}

function byWeekday({ weekdays, counted }: DayRule): Restriction | undefined {
  if (weekdays === undefined) return undefined;
  return (day) => {
    const { every, nth } = weekdays[day.weekday] ?? { every: false, nth: new Set() };
    if (every || nth.size === 0) return every;
    if (counted === undefined) return true;
    const place = counted === 'year' ? day.inYear : day.day - 1;
    const length = counted === 'year' ? day.length : day.monthLength;
    return nth.has(Math.floor(place / 7) + 1) || nth.has(-Math.floor((length - 1 - place) / 7) - 1);
  };
}

/** Week 1 is the first with at least four days in the year; a week belongs to the year of its fourth day. */
function byWeek({ weeks, weekStart }: DayRule, year: number): Restriction | undefined {
  if (weeks === undefined) return undefined;
  const first = firstDayOf(year);
  const starts = [year - 1, year, year + 1, year + 2].map((each) => firstWeekOf(each, weekStart));
  return (day) => {
    const number = first + day.inYear;
    const place = starts.findLastIndex((start) => start <= number);
    const start = starts[place] ?? 0;
    const next = starts[place + 1] ?? 0;
    const week = Math.floor((number - start) / 7) + 1;
    return weeks.has(week) || weeks.has(week - (next - start) / 7 - 1);
  };
}

/** The day number on which a year's week 1 starts. */
function firstWeekOf(year: number, weekStart: number): number {
  const fourth = firstDayOf(year) + 3;
  return fourth - ((weekdayOf(fourth) - weekStart + 7) % 7);
}

function byEaster({ easterDays }: DayRule, year: number): Restriction | undefined {
  if (easterDays === undefined) return undefined;
  const easter = easterOf(year) - firstDayOf(year);
  return (day) => easterDays.has(day.inYear - easter);
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
