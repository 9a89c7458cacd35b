import type { Work } from './work.ts';

/** A day and its times, in seconds from midnight on the clock, ascending, not empty. */
export type DayTimes = { readonly day: number; readonly times: readonly number[] };

/** Which days a rule allows. It also counts the days looked at. */
export type DayFilter = (day: number) => boolean;

/** What the walks over days share. */
export type Walk = {
  readonly allows: DayFilter;
  /** No day before this one is wanted. */
  readonly fromDay: number;
  /** No day after this one is wanted. */
  readonly untilDay: number;
  readonly work: Work;
};

/** The times of day that lists of hours, minutes and seconds spell out, in seconds, ascending; each list in range. */
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

/** The values from 0 to below `limit`, ascending, each once. */
function ascending(values: readonly number[], limit: number): number[] {
  return [...new Set(values)].filter((value) => value >= 0 && value < limit).sort((a, b) => a - b);
}

/** The places, from 0, that BYSETPOS positions take from `count` sorted values: ascending, each once. */
export function pickedPlaces(positions: readonly number[], count: number): number[] {
  const places = positions.map((position) => (position > 0 ? position - 1 : count + position));
  return ascending(places, count);
}
