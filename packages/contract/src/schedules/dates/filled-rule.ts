import { dateOf, secondsPerDay, weekdayOf } from '../../calendar.ts';
import type { RecurrenceRule } from '../recurrence.ts';

/** A rule whose omitted parts are filled in from its start. */
export type FilledRule = RecurrenceRule & {
  /** The first time on the clock that can be a date, in seconds since 1970-01-01 00:00 on the clock. */
  readonly start: number;
};

/** Fills in the date parts that the rule neither names nor repeats over, from the start. */
export function fillRule(rule: RecurrenceRule, start: number): FilledRule {
  const time = start - Math.floor(start / secondsPerDay) * secondsPerDay;
  const rank = ranks[rule.frequency];
  return {
    ...rule,
    ...daysFrom(rule, start),
    start,
    hours: rule.hours ?? (rank < ranks.HOURLY ? [Math.floor(time / 3600)] : undefined),
    minutes: rule.minutes ?? (rank < ranks.MINUTELY ? [Math.floor(time / 60) % 60] : undefined),
    seconds: rule.seconds ?? (rank < ranks.SECONDLY ? [time % 60] : undefined),
  };
}

const ranks = { YEARLY: 0, MONTHLY: 1, WEEKLY: 2, DAILY: 3, HOURLY: 4, MINUTELY: 5, SECONDLY: 6 } as const;

function daysFrom(rule: RecurrenceRule, start: number): Partial<RecurrenceRule> {
  if (rule.weeks ?? rule.yearDays ?? rule.monthDays ?? rule.weekdays ?? rule.easterDays) return {};
  const day = Math.floor(start / secondsPerDay);
  const date = dateOf(day);
  switch (rule.frequency) {
    case 'YEARLY':
      return { months: rule.months ?? [date.month], monthDays: [date.day] };
    case 'MONTHLY':
      return { monthDays: [date.day] };
    case 'WEEKLY':
      return { weekdays: [{ weekday: weekdayOf(day), nth: undefined }] };
    default:
      return {};
  }
}
