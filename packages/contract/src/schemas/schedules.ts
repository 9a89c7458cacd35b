import type * as z from 'zod';
import { cronProblem, intervalProblem, recurrenceProblem, timezoneProblem } from '../schedules/index.ts';
import {
  boolean,
  complain,
  duration,
  model,
  offsetDateTime,
  type Report,
  text,
  union,
} from '../wire/index.ts';

function object(report: Report, problem: string | undefined): void {
  if (problem !== undefined) complain(report, 'value_error', problem);
}

function timezone() {
  return text().check((zone) => object(zone, timezoneProblem(zone.value)));
}

/**
 * A run every `interval` seconds, counted from `anchor_date`. A null anchor means the time of the request; without a
 * time zone it is UTC.
 */
export const IntervalSchedule = model(
  'IntervalSchedule',
  {
    interval: duration().check((interval) => object(interval, intervalProblem(interval.value))),
    anchor_date: offsetDateTime().nullable().default(null),
    timezone: timezone().nullable().default('UTC'),
  },
  {
    extra: 'forbid',
    after: (schedule) => {
      schedule.timezone ??= 'UTC';
    },
  },
);
export type IntervalSchedule = z.output<typeof IntervalSchedule>;
/** IntervalSchedule as a client sends it. */
export type IntervalScheduleInput = z.input<typeof IntervalSchedule>;

/** A run whenever the local time of `timezone` (UTC if null) matches the cron expression. */
export const CronSchedule = model(
  'CronSchedule',
  {
    cron: text().check((cron) => object(cron, cronProblem(cron.value))),
    timezone: timezone().nullable().default(null),
    day_or: boolean().default(true),
  },
  { extra: 'forbid' },
);
export type CronSchedule = z.output<typeof CronSchedule>;
/** CronSchedule as a client sends it. */
export type CronScheduleInput = z.input<typeof CronSchedule>;

/** A run at each date of an iCalendar recurrence, in UTC without a time zone. */
export const RRuleSchedule = model(
  'RRuleSchedule',
  {
    rrule: text().check((rrule) => object(rrule, recurrenceProblem(rrule.value))),
    timezone: timezone().nullable().default('UTC'),
  },
  {
    extra: 'forbid',
    after: (schedule) => {
      schedule.timezone ??= 'UTC';
    },
  },
);
export type RRuleSchedule = z.output<typeof RRuleSchedule>;
/** RRuleSchedule as a client sends it. */
export type RRuleScheduleInput = z.input<typeof RRuleSchedule>;

/** When the flow of a deployment runs. */
export const Schedule = union([IntervalSchedule, CronSchedule, RRuleSchedule]);
export type Schedule = z.output<typeof Schedule>;
/** Schedule as a client sends it. */
export type ScheduleInput = z.input<typeof Schedule>;
