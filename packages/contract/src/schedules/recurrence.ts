import { type RecurrenceDate, readDate } from './recurrence-dates.ts';
import { invalid } from './recurrence-error.ts';
import { type RecurrenceRule, readRule } from './recurrence-rule.ts';
import { isTimezone } from './timezone.ts';

export type { Frequency, RecurrenceRule, RecurrenceWeekday } from './recurrence-rule.ts';

/**
 * A parsed RRULE text. All times are local times, in seconds since 1970-01-01 00:00. The schedule's time zone
 * determines the instants; a zone in the text is only checked for consistency.
 */
export type Recurrence = {
  /** The start of all rules; undefined if the text has no DTSTART. */
  readonly start: number | undefined;
  readonly rules: readonly RecurrenceRule[];
  readonly dates: readonly number[];
  readonly exceptRules: readonly RecurrenceRule[];
  readonly exceptDates: readonly number[];
};

/**
 * Parses an RRULE text (one rule, or lines of DTSTART, RRULE, RDATE, EXRULE, EXDATE); returns the problem as a string
 * if it is invalid.
 */
export function parseRecurrence(text: string): Recurrence | string {
  try {
    return readRecurrence(text);
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}

type Lines = {
  start: RecurrenceDate | undefined;
  rules: string[];
  dates: number[];
  exceptRules: string[];
  exceptDates: number[];
};

function readRecurrence(text: string): Recurrence {
  const lines = text
    .toUpperCase()
    .split(/\s+/)
    .filter((line) => line !== '');
  if (lines.length === 0) throw invalid('empty string');
  const read: Lines = { start: undefined, rules: [], dates: [], exceptRules: [], exceptDates: [] };
  const zones = zoneNames(text);
  for (const line of lines) readLine(line, read, zones);
  if (read.rules.length + read.dates.length + read.exceptRules.length + read.exceptDates.length === 0) {
    throw invalid('no recurrence rule');
  }
  const start = read.start;
  return {
    start: start?.wall,
    rules: read.rules.map((rule) => readRule(rule, start)),
    dates: read.dates,
    exceptRules: read.exceptRules.map((rule) => readRule(rule, start)),
    exceptDates: read.exceptDates,
  };
}

/** The zones in the text, by their names in capitals, because the text is converted to capitals. */
function zoneNames(text: string): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  // The text after the last colon contains no zone.
  for (const part of text.split(':').slice(0, -1)) {
    const mark = part.indexOf('TZID=');
    const name = mark < 0 ? '' : part.slice(mark + 'TZID='.length);
    if (name !== '') names.set(name.toUpperCase(), name);
  }
  return names;
}

function readLine(line: string, read: Lines, zones: ReadonlyMap<string, string>): void {
  const colon = line.indexOf(':');
  const [property = '', ...parameters] = colon < 0 ? ['RRULE'] : line.slice(0, colon).split(';');
  const value = line.slice(colon + 1);
  switch (property) {
    case 'RRULE':
      refuseParameters(property, parameters, []);
      read.rules.push(value);
      return;
    case 'EXRULE':
      refuseParameters(property, parameters, []);
      read.exceptRules.push(value);
      return;
    case 'RDATE':
      refuseParameters(property, parameters, ['VALUE=DATE-TIME']);
      read.dates.push(...value.split(',').map((date) => readDate(date).wall));
      return;
    case 'EXDATE':
      read.exceptDates.push(...readDates(value, parameters, zones).map((date) => date.wall));
      return;
    case 'DTSTART': {
      const [start, ...more] = readDates(value, parameters, zones);
      if (more.length > 0) throw invalid(`Multiple DTSTART values specified:${value}`);
      read.start = start;
      return;
    }
    default:
      throw invalid(`unsupported property: ${property}`);
  }
}

function refuseParameters(property: string, parameters: readonly string[], allowed: readonly string[]): void {
  for (const parameter of parameters) {
    if (!allowed.includes(parameter)) throw invalid(`unsupported ${property} parm: ${parameter}`);
  }
}

function readDates(
  value: string,
  parameters: readonly string[],
  zones: ReadonlyMap<string, string>,
): RecurrenceDate[] {
  let zoned = false;
  let typed = false;
  for (const parameter of parameters) {
    if (parameter.startsWith('TZID=')) {
      const name = zones.get(parameter.slice('TZID='.length));
      if (name !== undefined && isTimezone(name)) zoned = true;
      continue;
    }
    if (parameter !== 'VALUE=DATE-TIME' && parameter !== 'VALUE=DATE') {
      throw invalid(`unsupported parm: ${parameter}`);
    }
    if (typed) throw invalid(`Duplicate value parameter found in: ${parameter}`);
    typed = true;
  }
  return value.split(',').map((text) => {
    const date = readDate(text);
    if (zoned && date.zoned) throw invalid('DTSTART/EXDATE specifies multiple timezone');
    return { wall: date.wall, zoned: zoned || date.zoned };
  });
}
