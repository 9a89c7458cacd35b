import type { JsonValue, RawJson } from './value.ts';

/**
 * Reads a number of a JSON text as Python does, so that it is written as Python would write it. An integer keeps its
 * digits, a fraction becomes the nearest double. A number beyond the range of a double satisfies {@link
 * isBeyondRange}.
 */
export function exactNumber(source: string): JsonValue {
  const number = Number(source);
  if (JSON.stringify(number) === source && !source.includes('e')) return number;
  if (isWhole(source)) return source === '-0' ? 0 : JSON.rawJSON(source);
  if (!Number.isFinite(number)) return JSON.rawJSON(number > 0 ? '1e999' : '-1e999');
  const text = floatText(number);
  return JSON.stringify(number) === text ? number : JSON.rawJSON(text);
}

/** Whether a number is beyond the range of a double. Such numbers occur only in requests; they are stored as null. */
export function isBeyondRange({ rawJSON }: RawJson): boolean {
  return !Number.isFinite(Number(rawJSON));
}

/** Whether Python reads the text of a JSON number as an integer: it has neither a point nor an exponent. */
export function isWhole(source: string): boolean {
  return /^-?\d+$/.test(source);
}

/** A float as Python prints it: `1.0`, `1e+16`, `1e-05`, `inf`. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  const size = Math.abs(value);
  if (value !== 0 && (size >= 1e16 || size < 1e-4)) {
    const [mantissa = '', exponent = ''] = value.toExponential().split('e');
    return `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
  }
  const text = String(value);
  return text.includes('.') ? text : `${text}.0`;
}
