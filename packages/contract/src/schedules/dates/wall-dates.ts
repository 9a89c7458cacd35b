import { secondsPerDay } from '../../calendar.ts';
import { PAUSE, type Pause } from './work.ts';
import { longestOffset, momentOf, type Zone } from './zone.ts';

/** The requested span, in whole seconds since 1970-01-01 UTC, both ends included. */
export type Span = { readonly start: number; readonly end: number };

/** A span of times on a zone's clock, in seconds since 1970-01-01 00:00 on the same clock, both ends included. */
export type WallSpan = { readonly from: number; readonly until: number };

/** A span in local time that contains every time that can belong to an instant of a span. */
export function wallSpan(zone: Zone, span: Span): WallSpan {
  return { from: earliestWall(zone, span.start), until: Math.min(span.end + longestOffset, lastWall) };
}

/** The last second of the year 9999. */
const lastWall = 253_402_300_799;

/** The earliest local time that can belong to an instant at or after `second`. */
function earliestWall(zone: Zone, second: number): number {
  const stretch = zone.stretchAt(second);
  // Shortly after a clock change, skipped times may still follow.
  const recent = second - stretch.from < 2 * secondsPerDay;
  return second + (recent ? Math.min(stretch.offset, stretch.before) : stretch.offset);
}

/**
 * Converts ascending local times to the instants within a span: ascending, without duplicates. Passes pauses on.
 * @param walls local times in seconds since 1970-01-01 00:00.
 */
export function* momentsOf(
  zone: Zone,
  walls: Iterable<number | Pause>,
  span: Span,
): Generator<number | Pause, void> {
  let last = span.start - 1;
  const late: number[] = [];
  // Until `clearUntil` in local time, `offset` applies and times are shown for the first time.
  let clearFrom = 0;
  let clearUntil = 0;
  let offset = 0;
  for (const wall of walls) {
    if (wall === PAUSE) {
      yield PAUSE;
      continue;
    }
    if (wall < clearFrom || wall >= clearUntil) {
      const found = momentOf(zone, wall);
      if (found.skipped) {
        late.push(found.second);
        continue;
      }
      const stretch = zone.stretchAt(found.second);
      offset = stretch.offset;
      clearFrom = wall;
      clearUntil = stretch.until + offset;
    }
    const second = wall - offset;
    while (late.length > 0 && (late[0] ?? 0) <= second) {
      const moved = late.shift() ?? 0;
      if (moved > span.end) return;
      if (moved > last) yield moved;
      last = Math.max(last, moved);
    }
    if (second > span.end) return;
    if (second <= last) continue;
    last = second;
    yield second;
  }
  for (const moved of late) {
    if (moved > last && moved <= span.end) yield moved;
    last = Math.max(last, moved);
  }
}
