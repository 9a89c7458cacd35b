import fc from 'fast-check';

/** A change of a zone's clock, in seconds since 1970-01-01 UTC. */
export type ClockChange = { readonly zone: string; readonly second: number };

/** Zones with changes of an hour, of half an hour, of two hours, of whole days, at midnight and at odd seconds. */
const zones: readonly (readonly [zone: string, from: string, until: string])[] = [
  ['America/New_York', '2020-01-01', '2024-01-01'],
  ['America/Los_Angeles', '2006-01-01', '2009-01-01'],
  ['America/St_Johns', '2005-01-01', '2012-01-01'],
  ['America/Sao_Paulo', '2015-01-01', '2020-01-01'],
  ['America/Santiago', '2020-01-01', '2024-01-01'],
  ['America/Havana', '2020-01-01', '2024-01-01'],
  ['America/Caracas', '2007-01-01', '2017-01-01'],
  ['America/Scoresbysund', '2022-01-01', '2025-01-01'],
  ['Europe/Berlin', '2020-01-01', '2024-01-01'],
  ['Europe/Dublin', '2020-01-01', '2024-01-01'],
  ['Europe/Istanbul', '2013-01-01', '2017-01-01'],
  ['Africa/Casablanca', '2019-01-01', '2024-01-01'],
  ['Africa/Cairo', '2010-01-01', '2024-01-01'],
  ['Africa/Monrovia', '1971-01-01', '1973-01-01'],
  ['Antarctica/Troll', '2020-01-01', '2024-01-01'],
  ['Asia/Gaza', '2020-01-01', '2024-01-01'],
  ['Asia/Beirut', '2020-01-01', '2024-01-01'],
  ['Asia/Pyongyang', '2015-01-01', '2019-01-01'],
  ['Australia/Lord_Howe', '2020-01-01', '2024-01-01'],
  ['Australia/Sydney', '2020-01-01', '2024-01-01'],
  ['Pacific/Auckland', '2020-01-01', '2024-01-01'],
  ['Pacific/Chatham', '2020-01-01', '2024-01-01'],
  ['Pacific/Apia', '2010-01-01', '2013-01-01'],
  ['Pacific/Kwajalein', '1993-01-01', '1994-01-01'],
  ['Pacific/Easter', '2020-01-01', '2024-01-01'],
];

function changesOf(zone: string, from: string, until: string): ClockChange[] {
  const changes: ClockChange[] = [];
  let moment = Temporal.PlainDate.from(from).toZonedDateTime(zone);
  const end = Temporal.PlainDate.from(until).toZonedDateTime(zone).epochMilliseconds;
  while (true) {
    const next = moment.getTimeZoneTransition('next');
    if (next === null || next.epochMilliseconds > end) return changes;
    changes.push({ zone, second: next.epochMilliseconds / 1000 });
    moment = next;
  }
}

const changes = zones.flatMap(([zone, from, until]) => changesOf(zone, from, until));

/** Any of some hundred changes of the clock. */
export const clockChange: fc.Arbitrary<ClockChange> = fc.constantFrom(...changes);

/** The instant of a local time in a zone, both in seconds: the oracle for our own arithmetic. */
export function momentOnClock(zone: string, wall: number): number {
  const time = new Date(wall * 1000).toISOString().slice(0, 19);
  const moment = Temporal.PlainDateTime.from(time).toZonedDateTime(zone, { disambiguation: 'compatible' });
  return moment.epochMilliseconds / 1000;
}

/** The instants of local times between two instants, both included: ascending, without duplicates. */
export function momentsOnClock(zone: string, walls: Iterable<number>, from: number, until: number): number[] {
  const moments = new Set<number>();
  for (const wall of walls) {
    const moment = momentOnClock(zone, wall);
    if (moment >= from && moment <= until) moments.add(moment);
  }
  return [...moments].sort((a, b) => a - b);
}

/** The offsets from UTC, in seconds, just before and just after a change. */
export function offsetsAround(change: ClockChange): [before: number, after: number] {
  const offset = (second: number) =>
    Temporal.Instant.fromEpochMilliseconds(second * 1000).toZonedDateTimeISO(change.zone).offsetNanoseconds /
    1e9;
  return [offset(change.second - 1), offset(change.second)];
}
