import {
  type JsonText,
  type JsonValue,
  type Schedule,
  storedFloat,
  storedJson,
  type Timestamp,
  wireTimestamp,
} from '@mintaka/contract';
import { scheduleFromJson } from '../../database/codecs/schedule.ts';

/** The moment of a change, and the schedule that the deployment has so far. */
export type ScheduleChange = { now: Timestamp; before: JsonText | null };

/**
 * A schedule as it is stored: JSON text with all fields, an interval as the fraction that it is in the reference. An interval
 * without an anchor keeps the anchor that the deployment has for the same interval, so that the same request twice changes no
 * date; otherwise its anchor is now.
 */
export function storedSchedule(schedule: Schedule | null, change: ScheduleChange): string | null {
  return schedule === null ? null : storedJson(fieldsOf(schedule, change));
}

function fieldsOf(schedule: Schedule, { now, before }: ScheduleChange): JsonValue {
  if ('interval' in schedule) {
    const { interval, timezone } = schedule;
    const anchor_date = schedule.anchor_date ?? anchorOf(before, schedule) ?? wireTimestamp(now);
    return { interval: storedFloat(interval), anchor_date, timezone };
  }
  if ('cron' in schedule) {
    const { cron, timezone, day_or } = schedule;
    return { cron, timezone, day_or };
  }
  return { rrule: schedule.rrule, timezone: schedule.timezone };
}

/** The anchor of the present schedule if it has the same interval in the same zone. */
function anchorOf(
  before: JsonText | null,
  { interval, timezone }: Extract<Schedule, { interval: number }>,
): string | null {
  const present = scheduleFromJson(before);
  if (present === null || !('interval' in present)) return null;
  return present.interval === interval && present.timezone === timezone ? present.anchor_date : null;
}
