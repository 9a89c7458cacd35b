import type { RawJson } from '../../json/value.ts';

/** A run every `interval` seconds, counted from `anchor_date`. */
export type IntervalDefinition = {
  /** Seconds, more than 0; a stored `3600.0` may still be the number's text. */
  readonly interval: number | RawJson;
  /** ISO 8601 with an offset; none means the moment of the question. */
  readonly anchor_date?: string | null | undefined;
  /** The zone whose clock an interval of a day or more keeps; none means UTC. */
  readonly timezone?: string | null | undefined;
};

/** A run whenever the clock of `timezone` matches the cron expression. */
export type CronDefinition = {
  readonly cron: string;
  /** None means UTC. */
  readonly timezone?: string | null | undefined;
  /** Whether a day matches by its date *or* by its weekday where the expression restricts both; none means it does. */
  readonly day_or?: boolean | null | undefined;
};

/** A run at each date of an iCalendar recurrence rule, or set of rules, on the clock of `timezone`. */
export type RecurrenceDefinition = {
  readonly rrule: string;
  /** None means UTC. */
  readonly timezone?: string | null | undefined;
};

/** A deployment's schedule, as its JSON column and the API hold it. */
export type ScheduleDefinition = IntervalDefinition | CronDefinition | RecurrenceDefinition;
