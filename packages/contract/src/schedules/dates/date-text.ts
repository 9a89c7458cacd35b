import { addSeconds, type Timestamp, toEpoch, wireTimestamp } from '../../timestamp.ts';
import { zoneNamed } from './zone.ts';

/**
 * A date in local time of a zone, with its offset: `2026-01-01T09:00:00-05:00`.
 * @throws RangeError if the zone is unknown.
 */
export function dateOnClock(date: Timestamp, timezone: string | null | undefined): string {
  const offset = zoneNamed(timezone || 'UTC').stretchAt(toEpoch(date).seconds).offset;
  if (offset === 0) return wireTimestamp(date);
  const local = wireTimestamp(addSeconds(date, offset)).replace(/\+00:00$/, '');
  return `${local}${offset < 0 ? '-' : '+'}${clockText(Math.abs(offset))}`;
}

/** Hours and minutes, and seconds if they are not zero, as in old offsets of zones. */
function clockText(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (seconds % 60 !== 0) parts.push(seconds % 60);
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}
