declare const timestampBrand: unique symbol;

/**
 * A timestamp in UTC with microseconds, as `YYYY-MM-DD HH:MM:SS.ffffff`: always 26 characters, so text order is time
 * order. SQLite stores this form; see {@link wireTimestamp} for the API's.
 */
export type Timestamp = string & { readonly [timestampBrand]: true };

const canonical = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/;

/** The latest timestamp, in seconds since 1970. */
const latest = 253402300799;
/** The earliest timestamp, in seconds since 1970: year 1. */
const earliest = -62135596800;

/** Checks a text in canonical form, as the databases return it. @throws RangeError if it has another form. */
export function timestamp(text: string): Timestamp {
  if (!canonical.test(text)) throw new RangeError(`not a canonical timestamp: ${text}`);
  return text as Timestamp;
}

/**
 * The timestamp `seconds` and `micros` (0 to 999,999) after 1970-01-01 UTC.
 * @throws RangeError outside the years 1 to 9999.
 */
export function fromEpoch(seconds: number, micros: number): Timestamp {
  if (seconds < earliest || seconds > latest) throw new RangeError('timestamp out of range');
  const iso = new Date(seconds * 1000).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}.${String(micros).padStart(6, '0')}` as Timestamp;
}

/** Whole seconds since 1970-01-01 UTC, and the remaining microseconds. */
export function toEpoch(moment: Timestamp): { seconds: number; micros: number } {
  const seconds = Date.parse(`${moment.slice(0, 10)}T${moment.slice(11, 19)}Z`) / 1000;
  return { seconds, micros: Number(moment.slice(20)) };
}

/** The API's form: `YYYY-MM-DDTHH:MM:SS.ffffff+00:00`, without the fraction if it is zero. */
export function wireTimestamp(moment: Timestamp): string {
  const fraction = moment.slice(19);
  return `${moment.slice(0, 10)}T${moment.slice(11, 19)}${fraction === '.000000' ? '' : fraction}+00:00`;
}

/** The timestamp `seconds` after the given one, to the microsecond; negative seconds go back. */
export function addSeconds(moment: Timestamp, seconds: number): Timestamp {
  const from = toEpoch(moment);
  const whole = Math.floor(seconds);
  const micros = from.micros + Math.round((seconds - whole) * 1e6);
  const carry = Math.floor(micros / 1e6);
  return fromEpoch(from.seconds + whole + carry, micros - carry * 1e6);
}

/** Seconds from `from` to `to`, exact to the microsecond for spans of up to 285 years. */
export function secondsBetween(from: Timestamp, to: Timestamp): number {
  const a = toEpoch(from);
  const b = toEpoch(to);
  return ((b.seconds - a.seconds) * 1e6 + (b.micros - a.micros)) / 1e6;
}
