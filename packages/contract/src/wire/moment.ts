import type * as z from 'zod';
import { monthLength } from '../calendar.ts';
import { MOST_SCALAR_CHARACTERS } from '../limits.ts';
import { addSeconds, type Timestamp, timestamp, wireTimestamp } from '../timestamp.ts';
import { type MomentFound, parseMoment } from './moment-text.ts';
import { complain, type Report, refuseNull, type WireType, wireType } from './type.ts';

const schema = { type: 'string', format: 'date-time' } as const;

/** The form that nearly every client uses: UTC, with or without a fraction. */
const common = /^(\d{4})-(\d\d)-(\d\d)[T ]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,6}))?(?:Z|\+00:00)?$/;

/** Parses a date-time in the common form; undefined for all other forms, which need the slow parser. */
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
 * A date-time as a string, in any ISO 8601 form and the common looser ones; without a zone it is UTC. Numbers are
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
 * A date-time in the same forms as {@link dateTimeTz}, read as the API's form of it with its original offset:
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
