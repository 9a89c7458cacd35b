import { secondsPerDay } from '../../calendar.ts';
import { momentOf, type Zone } from './zone.ts';

/** A point in time or a duration: whole seconds, and 0 to 999,999 microseconds. */
export type Micros = { readonly seconds: number; readonly micros: number };

/**
 * The instants at whole multiples of an interval from an anchor, at or after `start`, ascending, also past the year
 * 9999. An interval of a day or more keeps the zone's local time across clock changes; a shorter one counts in UTC.
 * @param interval more than 0.
 */
export function* intervalMoments(
  zone: Zone,
  anchor: Micros,
  interval: Micros,
  start: Micros,
): Generator<Micros, void> {
  if (interval.seconds < secondsPerDay) {
    yield* steps(anchor, interval, start);
    return;
  }
  const offset = (moment: Micros) => zone.stretchAt(moment.seconds).offset;
  const wallAnchor = { seconds: anchor.seconds + offset(anchor), micros: anchor.micros };
  // Start a day earlier, so that no clock change hides an instant.
  const wallStart = { seconds: start.seconds + offset(start) - secondsPerDay, micros: start.micros };
  let last = before(start);
  for (const wall of steps(wallAnchor, interval, wallStart)) {
    if (wall.seconds > farthest) return;
    const moment = { seconds: momentOf(zone, wall.seconds).second, micros: wall.micros };
    if (!isAfter(moment, last)) continue;
    last = moment;
    yield moment;
  }
}

/** A second after the year 9999 on every clock. */
const farthest = 253_402_400_000;

function* steps(anchor: Micros, interval: Micros, start: Micros): Generator<Micros, void> {
  // In big integers: microseconds of a far year do not fit a double.
  const step = total(interval);
  const distance = total(start) - total(anchor);
  const count = distance / step + (distance > 0n && distance % step !== 0n ? 1n : 0n);
  let { seconds, micros } = split(total(anchor) + count * step);
  while (true) {
    yield { seconds, micros };
    seconds += interval.seconds;
    micros += interval.micros;
    if (micros >= 1_000_000) {
      micros -= 1_000_000;
      seconds += 1;
    }
  }
}

function total(value: Micros): bigint {
  return BigInt(value.seconds) * 1_000_000n + BigInt(value.micros);
}

function split(value: bigint): Micros {
  const micros = ((value % 1_000_000n) + 1_000_000n) % 1_000_000n;
  return { seconds: Number((value - micros) / 1_000_000n), micros: Number(micros) };
}

function before(moment: Micros): Micros {
  return split(total(moment) - 1n);
}

function isAfter(a: Micros, b: Micros): boolean {
  return a.seconds > b.seconds || (a.seconds === b.seconds && a.micros > b.micros);
}
