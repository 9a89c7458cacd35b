import { fromEpoch, secondsBetween, timestamp } from '@mintaka/contract/timestamp';

const epoch = fromEpoch(0, 0);

/** A duration as SQLite stores it: the timestamp that many seconds after 1970, `1970-01-01 00:00:12.500000`. */
export function sqliteInterval(seconds: number): string {
  const whole = Math.floor(seconds);
  const micros = Math.round((seconds - whole) * 1e6);
  return micros === 1e6 ? fromEpoch(whole + 1, 0) : fromEpoch(whole, micros);
}

// Run times are never below zero. Prefect stores negative ones if its clock is set back while a run is running.

/**
 * Seconds of a run time as SQLite stores it. Text that is not a timestamp (the column's own default is `0`) and negative
 * times are read as 0.
 */
export function secondsOfSqliteInterval(stored: string): number {
  if (stored.length !== 26) return 0;
  if (stored.startsWith(firstDay)) return secondsOfFirstDay(stored);
  return Math.max(0, secondsBetween(epoch, timestamp(stored)));
}

const firstDay = '1970-01-01 ';

/** The same for less than a day, as nearly all are: each row of a list has one. */
function secondsOfFirstDay(stored: string): number {
  const minutes = Number(stored.slice(11, 13)) * 60 + Number(stored.slice(14, 16));
  return ((minutes * 60 + Number(stored.slice(17, 19))) * 1e6 + Number(stored.slice(20))) / 1e6;
}

/** A duration in Postgres' input format. */
export function postgresInterval(seconds: number): string {
  return `${seconds.toFixed(6)} seconds`;
}

const iso = /^P(?:(-?\d+)Y)?(?:(-?\d+)M)?(?:(-?\d+)D)?(?:T(?:(-?\d+)H)?(?:(-?\d+)M)?(?:(-?[\d.]+)S)?)?$/;
const secondsOfUnit = [31_557_600, 2_592_000, 86_400, 3_600, 60, 1];

/**
 * Seconds of a run time as Postgres returns it with `intervalstyle = iso_8601`; months count as 30 days and years as 365.25
 * days. Negative times are read as 0.
 * @throws RangeError if the text is not such an interval.
 */
export function secondsOfPostgresInterval(text: string): number {
  const match = iso.exec(text);
  if (match === null) throw new RangeError(`not an interval: ${text}`);
  const parts = match.slice(1).map((part, unit) => Number(part ?? 0) * (secondsOfUnit[unit] ?? 0));
  return Math.max(0, Math.round(parts.reduce((sum, part) => sum + part, 0) * 1e6) / 1e6);
}
