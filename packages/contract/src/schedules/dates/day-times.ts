import type { Work } from './work.ts';

/** A day and its times, in seconds from midnight on the clock, ascending, not empty. */
export type DayTimes = { readonly day: number; readonly times: readonly number[] };

/** Whether a rule allows a day. Also counts the days that it checks. */
export type DayFilter = (day: number) => boolean;

/** State that the walks over days share. */
export type Walk = {
  readonly allows: DayFilter;
  /** No day before this one is wanted. */
  readonly fromDay: number;
  /** No day after this one is wanted. */
  readonly untilDay: number;
  readonly work: Work;
};

/**
 * The times of day given by lists of hours, minutes and seconds, in seconds, ascending; every value must be in range.
 */
export function timesOfDay(
  hours: readonly number[],
  minutes: readonly number[],
  seconds: readonly number[],
): number[] {
  const times: number[] = [];
  for (const hour of ascending(hours, 24)) {
    for (const minute of ascending(minutes, 60)) {
      for (const second of ascending(seconds, 60)) times.push(hour * 3600 + minute * 60 + second);
    }
  }
  return times;
}

/** The values from 0 to below `limit`, ascending, without duplicates. */
function ascending(values: readonly number[], limit: number): number[] {
  return [...new Set(values)].filter((value) => value >= 0 && value < limit).sort((a, b) => a - b);
}

/** The indexes that BYSETPOS positions select from `count` sorted values: ascending, without duplicates. */
export function pickedPlaces(positions: readonly number[], count: number): number[] {
  const places = positions.map((position) => (position > 0 ? position - 1 : count + position));
  return ascending(places, count);
}
