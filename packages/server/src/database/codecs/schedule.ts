import type { JsonText, Schedule } from '@mintaka/contract';
import { number, objectOrNullOf, text } from './values.ts';

/** A deployment's stored schedule with all fields, in the API's order. */
export function scheduleFromJson(stored: JsonText | null): Schedule | null {
  const schedule = objectOrNullOf(stored);
  if (schedule === null) return null;
  const timezone = text(schedule.timezone);
  if ('cron' in schedule) {
    return { cron: text(schedule.cron) ?? '', timezone, day_or: schedule.day_or !== false };
  }
  if ('rrule' in schedule) return { rrule: text(schedule.rrule) ?? '', timezone: timezone ?? 'UTC' };
  return {
    interval: number(schedule.interval) ?? 0,
    anchor_date: text(schedule.anchor_date),
    timezone: timezone ?? 'UTC',
  };
}
