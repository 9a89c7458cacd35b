import type * as z from 'zod';
import { MOST_SCALAR_CHARACTERS } from '../limits.ts';
import { pythonNumber } from './python.ts';
import { complain, refuseNull, wireType } from './type.ts';

/** `[D days, ][H:M:S|[M:]S][.ffffff]`; each part can have a sign, except those after the hours. */
const clockForm =
  /^(?:(-?\d+) (?:days?, )?)?(?:(-?\d+):(\d+):(\d+)|(?:(-?\d+):)?(-?\d+))(?:\.(\d{1,6})\d{0,6})?\n?$/;
/** ISO 8601 without years, months and weeks. */
const isoForm =
  /^([-+]?)P(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?\n?$/;

/** The longest time span that Python knows, in seconds. */
const longest = 999_999_999 * 86_400;

/**
 * A time span: a number of seconds, `[D days, ][[HH:]MM:]SS[.ffffff]`, or ISO 8601 (`PT1H30M`). Read as seconds, exact
 * to the microsecond.
 */
export function duration(): z.ZodType<number, number | string> {
  return wireType<number, number | string>(
    (value, report) => {
      if (value === null) return refuseNull(report);
      const number = typeof value === 'string' ? undefined : pythonNumber(value);
      if (number === undefined && typeof value !== 'string') {
        return complain(
          report,
          'type_error',
          'invalid type; expected timedelta, string, bytes, int or float',
        );
      }
      const seconds = number === undefined ? readSpan(String(value)) : roundToMicros(number.value);
      if (seconds === undefined || !(Math.abs(seconds) <= longest)) {
        return complain(report, 'value_error.duration', 'invalid duration format');
      }
      return seconds;
    },
    { type: 'number', format: 'time-delta' },
  );
}

function roundToMicros(seconds: number): number {
  // Rounds through six decimals, as the reference does.
  return Number.isFinite(seconds) && Math.abs(seconds) < 1e15 ? Number(seconds.toFixed(6)) : seconds;
}

function readSpan(text: string): number | undefined {
  if (text.length > MOST_SCALAR_CHARACTERS) return undefined;
  const clock = clockForm.exec(text);
  if (clock !== null) {
    const [, days = 0, hours = 0, minutes = clock[5] ?? 0, seconds = clock[6] ?? '0', , , fraction = ''] =
      clock;
    const micros = Number(fraction.padEnd(6, '0')) * (seconds.startsWith('-') ? -1 : 1);
    return total(Number(days), Number(hours), Number(minutes), Number(seconds) + micros / 1e6);
  }
  const iso = isoForm.exec(text);
  if (iso === null) return undefined;
  const [, sign, days = 0, hours = 0, minutes = 0, seconds = 0] = iso;
  const span = total(Number(days), Number(hours), Number(minutes), Number(seconds));
  return sign === '-' ? -span : span;
}

function total(days: number, hours: number, minutes: number, seconds: number): number {
  return roundToMicros(days * 86_400 + hours * 3_600 + minutes * 60 + seconds);
}
