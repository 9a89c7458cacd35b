/** Determines which times may differ between two servers: those from their own clocks. */
export type Times = {
  /** Whether two texts are times of the same event. */
  agree(reference: string, ours: string): boolean;
  /** Whether a text is a time near now. */
  isServerMade(text: string): boolean;
  /** Whether two texts are the same time, possibly with different offsets. */
  isSameMoment(reference: string, ours: string): boolean;
};

/** Finds a time in an answer (`2026-01-02T03:04:05.678901+00:00`) or a row (`2026-01-02 03:04:05.678901`, `...+00`). */
export const timePattern = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:[+-]\d\d(?::\d\d)?|Z)?/g;

const wholePattern = new RegExp(`^${timePattern.source}$`);

/** Seconds by which the two servers' clock readings of one event may differ. */
const tolerance = 4;

/** Server-made times lie between the start of the run (minus an hour) and two hours from now. */
export function createTimes(start: number = Date.now()): Times {
  const isServerMade = (text: string) => {
    const time = milliseconds(text);
    return time > start - 3_600_000 && time < Date.now() + 7_200_000;
  };
  return {
    isServerMade,
    isSameMoment: (reference, ours) => utcText(reference) === utcText(ours),
    agree: (reference, ours) => {
      if (!wholePattern.test(reference) || !wholePattern.test(ours)) return false;
      if (shape(reference) !== shape(ours)) return false;
      if (!isServerMade(reference) || !isServerMade(ours)) return false;
      // The two servers may have started, and created their first rows, at different times.
      if (milliseconds(reference) < start && milliseconds(ours) < start) return true;
      return Math.abs(milliseconds(reference) - milliseconds(ours)) <= tolerance * 1000;
    },
  };
}

/** The form of a time: everything except its digits, with a missing fraction counted as six digits. */
function shape(text: string): string {
  return text.replace(/\.\d+/, '').replace(/\d/g, '0');
}

/** A time with an offset, converted to UTC with `T` and without its offset; other texts unchanged. */
export function utcText(text: string): string {
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d(?::\d\d)?)$/.exec(text);
  if (match === null) return text;
  const [, day, clock, fraction = '', offset = ''] = match;
  const moment = Date.parse(`${day}T${clock}${offset.length === 3 ? `${offset}:00` : offset}`);
  if (Number.isNaN(moment)) return text;
  return `${new Date(moment).toISOString().slice(0, 19)}${fraction.replace(/\.?0+$/, '')}`;
}

function milliseconds(text: string): number {
  const iso = text.replace(' ', 'T');
  return Date.parse(/(Z|[+-]\d\d(:\d\d)?)$/.test(iso) ? iso.replace(/([+-]\d\d)$/, '$1:00') : `${iso}Z`);
}
