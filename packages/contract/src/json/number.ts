import type { JsonValue, RawJson } from './value.ts';

/**
 * The number that a JSON text has: as Python reads it, and so that it is written again as Python would write it. A whole
 * number keeps its digits, a fraction becomes the nearest that a double holds. A number beyond the range of a double is one of
 * {@link isBeyondRange}.
 */
export function exactNumber(source: string): JsonValue {
  const number = Number(source);
  if (JSON.stringify(number) === source && !source.includes('e')) return number;
  if (isWhole(source)) return source === '-0' ? 0 : JSON.rawJSON(source);
  if (!Number.isFinite(number)) return JSON.rawJSON(number > 0 ? '1e999' : '-1e999');
  const text = floatText(number);
  return JSON.stringify(number) === text ? number : JSON.rawJSON(text);
}

/** Whether a number is beyond the range of a double. Such a number is only seen by whoever reads a request: it is stored as null. */
export function isBeyondRange({ rawJSON }: RawJson): boolean {
  return !Number.isFinite(Number(rawJSON));
}

/** Whether Python takes the text of a JSON number for a whole number: it has neither a point nor an exponent. */
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
