/**
 * A span in which a zone's offset is constant. Times are seconds since 1970-01-01 UTC, offsets are seconds east of
 * UTC.
 */
export type Stretch = {
  readonly from: number;
  /** The first second after the span. */
  readonly until: number;
  readonly offset: number;
  /** The offset before the span; the same as {@link Stretch.offset} for the first span. */
  readonly before: number;
};

/** A time zone in whole seconds. Caches the spans that were requested. */
export type Zone = {
  /** The span that contains an instant. */
  stretchAt(second: number): Stretch;
};

/**
 * The zones used so far. Their rules are constant while the process runs, and there are only as many as zone names.
 */
const zones = new Map<string, Zone>();

/**
 * The zone of an IANA name. Any zone but `UTC` needs `globalThis.Temporal`.
 * @throws RangeError if the name is unknown.
 * @throws Error if Temporal is needed and missing.
 */
export function zoneNamed(name: string): Zone {
  if (name === 'UTC') return utc;
  const found = zones.get(name);
  if (found !== undefined) return found;
  const zone = openZone(name);
  zones.set(name, zone);
  return zone;
}

const always: Stretch = {
  from: Number.NEGATIVE_INFINITY,
  until: Number.POSITIVE_INFINITY,
  offset: 0,
  before: 0,
};
const utc: Zone = { stretchAt: () => always };

function openZone(name: string): Zone {
  let latest = readStretch(name, 0);
  const known = [latest];
  return {
    stretchAt(second) {
      if (second >= latest.from && second < latest.until) return latest;
      const place = known.findIndex((stretch) => second < stretch.until);
      const next = known[place];
      if (next !== undefined && second >= next.from) {
        latest = next;
        return latest;
      }
      latest = readStretch(name, second);
      known.splice(place < 0 ? known.length : place, 0, latest);
      return latest;
    },
  };
}

function readStretch(name: string, second: number): Stretch {
  if (!('Temporal' in globalThis)) throw new Error(temporalMissing);
  const moment = Temporal.Instant.fromEpochMilliseconds(second * 1000).toZonedDateTimeISO(name);
  // "previous" is exclusive, and the span may begin in this very second.
  const previous = moment.add({ nanoseconds: 1 }).getTimeZoneTransition('previous');
  const next = moment.getTimeZoneTransition('next');
  const offset = offsetOf(moment);
  return {
    from: previous === null ? Number.NEGATIVE_INFINITY : previous.epochMilliseconds / 1000,
    until: next === null ? Number.POSITIVE_INFINITY : next.epochMilliseconds / 1000,
    offset,
    before: previous === null ? offset : offsetOf(previous.subtract({ nanoseconds: 1 })),
  };
}

const temporalMissing =
  'Schedules in a time zone other than UTC need Temporal: use Node 26 or later, or set globalThis.Temporal to a polyfill.';

function offsetOf(moment: Temporal.ZonedDateTime): number {
  return Math.round(moment.offsetNanoseconds / 1e9);
}

/** The instant of a local time. */
export type Found = {
  readonly second: number;
  /**
   * Whether the local time does not exist because the clock was set forward; the instant is moved by the length of
   * the gap.
   */
  readonly skipped: boolean;
};

/**
 * Converts a local time of a zone to an instant. If the local time occurs twice, the first is used. If it is skipped,
 * the offset before the change is used, so 02:30 becomes 03:30 if 03:00 follows 01:59.
 * @param wall the local time in seconds since 1970-01-01 00:00.
 */
export function momentOf(zone: Zone, wall: number): Found {
  let stretch = zone.stretchAt(wall - longestOffset);
  while (wall >= stretch.until + stretch.offset) stretch = zone.stretchAt(stretch.until);
  if (wall >= stretch.from + stretch.offset) return { second: wall - stretch.offset, skipped: false };
  return { second: wall - stretch.before, skipped: true };
}

/** The maximum offset of a zone from UTC, in seconds. */
export const longestOffset = 26 * 3600;
