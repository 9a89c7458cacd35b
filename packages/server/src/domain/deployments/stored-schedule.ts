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

/** The time of a change, and the current schedule of the deployment. */
export type ScheduleChange = { now: Timestamp; before: JsonText | null };

/**
 * A schedule for its column: JSON text with all fields, with the interval as a fraction, as in the reference. An interval
 * without an anchor keeps the deployment's current anchor if the interval is the same, so that a repeated request changes no
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
