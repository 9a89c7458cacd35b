import type { RawJson } from '../../json/value.ts';

/** A run every `interval` seconds, counted from `anchor_date`. */
export type IntervalDefinition = {
  /** Seconds, more than 0; a stored `3600.0` may be raw JSON. */
  readonly interval: number | RawJson;
  /** ISO 8601 with an offset; null means the time of the request. */
  readonly anchor_date?: string | null | undefined;
  /** The zone whose local time an interval of a day or more keeps; null means UTC. */
  readonly timezone?: string | null | undefined;
};

/** A run whenever the clock of `timezone` matches the cron expression. */
export type CronDefinition = {
  readonly cron: string;
  /** Null means UTC. */
  readonly timezone?: string | null | undefined;
  /**
   * Whether a day that matches by date *or* by weekday is enough if the expression restricts both; null means yes.
   */
  readonly day_or?: boolean | null | undefined;
};

/** A run at each date of an iCalendar recurrence rule, or set of rules, on the clock of `timezone`. */
export type RecurrenceDefinition = {
  readonly rrule: string;
  /** Null means UTC. */
  readonly timezone?: string | null | undefined;
};

/** A deployment's schedule, as in its JSON column and in the API. */
export type ScheduleDefinition = IntervalDefinition | CronDefinition | RecurrenceDefinition;
