import type * as z from 'zod';
import { monthLength } from '../calendar.ts';
import { MOST_SCALAR_CHARACTERS } from '../limits.ts';
import { addSeconds, fromEpoch, type Timestamp, timestamp, wireTimestamp } from '../timestamp.ts';
import { microsOf, momentOf, partsProblem } from './calendar.ts';
import { type MomentFound, parseMoment } from './moment-text.ts';
import { pythonFloat, pythonNumber } from './python.ts';
import { complain, type Report, refuseNull, type WireType, wireType } from './type.ts';

const schema = { type: 'string', format: 'date-time' } as const;

/** The forms in which nearly every client writes a moment: UTC, with or without a fraction. */
const common = /^(\d{4})-(\d\d)-(\d\d)[T ]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,6}))?(?:Z|\+00:00)?$/;

/** Reads a moment in one of the usual forms, or gives undefined: then the slow ways must look. */
function readCommon(text: string): Timestamp | undefined {
  const found = common.exec(text);
  if (found === null) return undefined;
  const day = Number(found[3]);
  const year = Number(found[1]);
  const month = Number(found[2]);
  if (day < 1 || year < 1 || day > monthLength(year, month)) return undefined;
  const fraction = found[7] ?? '';
  return timestamp(`${text.slice(0, 10)} ${text.slice(11, 19)}.${fraction.padEnd(6, '0')}`);
}

/**
 * A moment given as text, in any of the ISO 8601 forms and the common looser ones; without a zone it is UTC. Numbers are
 * refused. Read as the canonical {@link Timestamp}.
 */
export function dateTimeTz(): z.ZodType<Timestamp, string> {
  return wireType(
    (value, report) => {
      if (typeof value === 'string') return readCommon(value) ?? readLoose(value, report);
      if (value === null) return refuseNull(report);
      return complain(report, 'value_error', 'Unrecognized datetime.');
    },
    schema,
    (value) => `"${wireTimestamp(value as Timestamp)}"`,
  );
}

/**
 * A moment given as {@link dateTimeTz} takes it, read as the API's own form of it at the offset that it came with:
 * `2020-01-01T00:00:00+02:00`.
 */
export function offsetDateTime(): WireType<string> {
  return wireType((value, report) => {
    if (typeof value === 'string') {
      const moment = readCommon(value) ?? readLoose(value, report);
      return moment === undefined ? undefined : atOffset(moment, value);
    }
    if (value === null) return refuseNull(report);
    return complain(report, 'value_error', 'Unrecognized datetime.');
  }, schema);
}

function atOffset(moment: Timestamp, text: string): string {
  const offset = /([+-])(\d\d):?(\d\d)?$/.exec(text);
  if (offset === null || !/[T ]/.test(text.slice(0, offset.index))) return wireTimestamp(moment);
  const [, sign, hours, minutes = '00'] = offset;
  const seconds = Number(hours) * 3600 + Number(minutes) * 60;
  const local = addSeconds(moment, sign === '-' ? -seconds : seconds);
  return wireTimestamp(local).replace(/\+00:00$/, `${sign}${hours}:${minutes}`);
}

function readLoose(text: string, report: Report): Timestamp | undefined {
  const found: MomentFound =
    text.length > MOST_SCALAR_CHARACTERS ? { problem: undefined } : parseMoment(text);
  if ('moment' in found) return found.moment;
  if (found.problem === undefined) {
    return complain(report, 'value_error.parser', `Unable to parse string [${text}]`);
  }
  return complain(report, 'value_error', found.problem);
}

/**
 * A moment given as text `YYYY-MM-DD HH:MM[:SS[.ffffff]][zone]`, or as a number of seconds (milliseconds beyond 2e10)
 * since 1970, also in a text. Without a zone it is UTC. Read as the canonical {@link Timestamp}.
 */
export function dateTime(): z.ZodType<Timestamp, string | number> {
  return wireType<Timestamp, string | number>((value, report) => {
    if (typeof value === 'string') {
      return readCommon(value) ?? readNumber(pythonFloat(value), report) ?? readParts(value, report);
    }
    if (value === null) return refuseNull(report);
    const number = pythonNumber(value);
    if (number !== undefined) return readNumber(number.value, report);
    return complain(report, 'type_error', 'invalid type; expected datetime, string, bytes, int or float');
  }, schema);
}

const looseForm =
  /^(\d{4})-(\d{1,2})-(\d{1,2})[T ](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,6})\d{0,6})?)?(Z|[+-]\d\d(?::?\d\d)?)?\n?$/;

function readParts(text: string, report: Report): Timestamp | undefined {
  if (report.issues.length > 0) return undefined;
  const found = text.length > MOST_SCALAR_CHARACTERS ? null : looseForm.exec(text);
  const moment = found === null ? undefined : momentOfMatch(found);
  return moment ?? complain(report, 'value_error.datetime', 'invalid datetime format');
}

function momentOfMatch(found: RegExpExecArray): Timestamp | undefined {
  const parts = {
    year: Number(found[1]),
    month: Number(found[2]),
    day: Number(found[3]),
    hour: Number(found[4]),
    minute: Number(found[5]),
    second: Number(found[6] ?? 0),
    micros: microsOf(found[7]),
    offset: zoneOffset(found[8]),
  };
  if (partsProblem(parts) !== undefined || Math.abs(parts.offset) >= 24 * 60) return undefined;
  return momentOf(parts);
}

/** Minutes east of UTC that a zone such as `Z`, `+02`, `-0530` or `+05:30` means. */
function zoneOffset(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const minutes = zone.length > 3 ? Number(zone.slice(-2)) : 0;
  const offset = Number(zone.slice(1, 3)) * 60 + minutes;
  return zone.startsWith('-') ? -offset : offset;
}

const beyondEverything = 3e20;
/** Larger numbers are milliseconds (or finer). */
const millisecondsBeyond = 2e10;

function readNumber(number: number | undefined, report: Report): Timestamp | undefined {
  if (number === undefined) return undefined;
  if (Number.isNaN(number)) return complain(report, 'value_error', 'cannot convert float NaN to integer');
  if (number > beyondEverything) return timestamp('9999-12-31 23:59:59.999999');
  if (number < -beyondEverything) return timestamp('0001-01-01 00:00:00.000000');
  let seconds = number;
  while (Math.abs(seconds) > millisecondsBeyond) seconds /= 1000;
  const whole = Math.floor(seconds);
  const micros = roundHalfEven((seconds - whole) * 1e6);
  return micros === 1e6 ? fromEpoch(whole + 1, 0) : fromEpoch(whole, micros);
}

function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
