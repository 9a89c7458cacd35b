import {
  type JsonValue,
  type Schedule,
  storedFloat,
  storedJson,
  type Timestamp,
  wireTimestamp,
} from '@mintaka/contract';

/** A schedule as it is stored: JSON text with all fields, an interval as the fraction that it is in the reference. */
export function storedSchedule(schedule: Schedule | null, now: Timestamp): string | null {
  return schedule === null ? null : storedJson(fieldsOf(schedule, now));
}

function fieldsOf(schedule: Schedule, now: Timestamp): JsonValue {
  if ('interval' in schedule) {
    const { interval, anchor_date, timezone } = schedule;
    return { interval: storedFloat(interval), anchor_date: anchor_date ?? wireTimestamp(now), timezone };
  }
  if ('cron' in schedule) {
    const { cron, timezone, day_or } = schedule;
    return { cron, timezone, day_or };
  }
  return { rrule: schedule.rrule, timezone: schedule.timezone };
}
