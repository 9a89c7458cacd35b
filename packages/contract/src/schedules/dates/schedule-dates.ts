import { isRawJson } from '../../json/value.ts';
import { fromEpoch, type Timestamp, toEpoch } from '../../timestamp.ts';
import { parseMoment } from '../../wire/moment-text.ts';
import { parseCron } from '../cron.ts';
import { parseRecurrence } from '../recurrence.ts';
import { cronWalls } from './cron-walls.ts';
import type {
  CronDefinition,
  IntervalDefinition,
  RecurrenceDefinition,
  ScheduleDefinition,
} from './definition.ts';
import { intervalMoments, type Micros } from './interval-moments.ts';
import { recurrenceWalls } from './recurrence-walls.ts';
import { momentsOf, type Span, type WallSpan, wallSpan } from './wall-dates.ts';
import { newWork, PAUSE, type Pause, pauseIsDue, spend, type Work } from './work.ts';
import { type Zone, zoneNamed } from './zone.ts';

/** Which dates of a schedule are wanted. */
export type Wanted = {
  /** The time of the request: the default start, and the anchor of an interval without one. */
  readonly now: Timestamp;
  /** The earliest possible date; {@link Wanted.now} by default. */
  readonly start?: Timestamp | undefined;
  /** The latest possible date; undefined means no end. */
  readonly end?: Timestamp | undefined;
  /**
   * The maximum number of dates, at least 1; by default 1,000 if there is an end, otherwise 1. Never more than 1,002.
   */
  readonly limit?: number | undefined;
};

/**
 * The next dates of a schedule, ascending, without duplicates. There are fewer than requested if the schedule ends or
 * if the search is stopped: after fifty years for a cron expression, after three million steps for a recurrence rule.
 * Time zones other than UTC need Temporal, which Node has from version 26 on. On an older Node or in a browser
 * without it, set `globalThis.Temporal` to a polyfill such as `temporal-polyfill` before the first call; importing
 * this module needs nothing.
 * @throws RangeError if the schedule's expression, zone or anchor date is invalid.
 * @throws Error if the schedule has a time zone other than UTC and Temporal is missing.
 */
export function scheduleDates(schedule: ScheduleDefinition, wanted: Wanted): Timestamp[] {
  return [...datesInSteps(schedule, wanted, newWork())].filter((date) => date !== PAUSE);
}

/** The same dates one by one, with pauses in between, until the step budget is used up. */
export function* datesInSteps(
  schedule: ScheduleDefinition,
  wanted: Wanted,
  work: Work,
): Generator<Timestamp | Pause, void> {
  let left = limitOf(wanted);
  for (const date of allDates(schedule, wanted, work)) {
    yield date;
    if (date === PAUSE) continue;
    left -= 1;
    if (left === 0 || !spend(work, stepsOfDate)) return;
    if (pauseIsDue(work)) yield PAUSE;
  }
}

/** The steps for converting a local time to a date. */
const stepsOfDate = 500;

function* allDates(
  schedule: ScheduleDefinition,
  wanted: Wanted,
  work: Work,
): Generator<Timestamp | Pause, void> {
  const zone = zoneNamed(schedule.timezone || 'UTC');
  if ('interval' in schedule) return yield* intervalDates(schedule, zone, wanted);
  const span = spanOf(wanted);
  const onClock = wallSpan(zone, span);
  const walls =
    'cron' in schedule ? cronWallsOf(schedule, onClock) : recurrenceWallsOf(schedule, onClock, work);
  for (const second of momentsOf(zone, walls, span)) {
    yield second === PAUSE ? PAUSE : fromEpoch(second, 0);
  }
}

const defaultLimit = 1000;
/** The number of candidates that the reference checks. */
const mostDates = 1002;
/** The last second of a timestamp: the end of the year 9999. */
const lastSecond = 253_402_300_799;

function limitOf(wanted: Wanted): number {
  const limit = wanted.limit ?? (wanted.end === undefined ? 1 : defaultLimit);
  return Math.min(Math.max(limit, 1), mostDates);
}

/** Rounds to whole seconds: a start within a second is moved to the next one. */
function spanOf(wanted: Wanted): Span {
  const start = toEpoch(wanted.start ?? wanted.now);
  return {
    start: start.seconds + (start.micros > 0 ? 1 : 0),
    end: wanted.end === undefined ? lastSecond : toEpoch(wanted.end).seconds,
  };
}

function cronWallsOf(schedule: CronDefinition, span: WallSpan): Iterable<number> {
  const cron = parseCron(schedule.cron);
  if (typeof cron === 'string') throw new RangeError(`not a cron expression: ${schedule.cron}`);
  return cronWalls(cron, schedule.day_or ?? true, span);
}

function recurrenceWallsOf(
  schedule: RecurrenceDefinition,
  span: WallSpan,
  work: Work,
): Iterable<number | Pause> {
  const recurrence = parseRecurrence(schedule.rrule);
  if (typeof recurrence === 'string') throw new RangeError(`not a recurrence: ${recurrence}`);
  return recurrenceWalls(recurrence, span, work);
}

function* intervalDates(
  schedule: IntervalDefinition,
  zone: Zone,
  wanted: Wanted,
): Generator<Timestamp, void> {
  const interval = intervalOf(schedule);
  const anchor = schedule.anchor_date ? anchorOf(schedule.anchor_date) : toEpoch(wanted.now);
  const start = toEpoch(wanted.start ?? wanted.now);
  for (const moment of intervalMoments(zone, anchor, interval, start)) {
    if (moment.seconds > lastSecond) return;
    const date = fromEpoch(moment.seconds, moment.micros);
    if (wanted.end !== undefined && date > wanted.end) return;
    yield date;
  }
}

function intervalOf(schedule: IntervalDefinition): Micros {
  const value = isRawJson(schedule.interval) ? Number(schedule.interval.rawJSON) : schedule.interval;
  const seconds = Math.floor(value);
  const micros = Math.round((value - seconds) * 1e6);
  if (!(seconds > 0 || micros > 0)) throw new RangeError(`not a positive interval: ${value}`);
  return micros === 1_000_000 ? { seconds: seconds + 1, micros: 0 } : { seconds, micros };
}

function anchorOf(text: string): Micros {
  const found = parseMoment(text);
  if (!('moment' in found)) throw new RangeError(`not an anchor date: ${text}`);
  return toEpoch(found.moment);
}
