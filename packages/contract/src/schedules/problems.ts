import { MOST_RECURRENCE_CHARACTERS } from '../limits.ts';
import { characterCount } from '../text-search.ts';
import { parseCron } from './cron.ts';
import { parseRecurrence } from './recurrence.ts';
import { frequencyMissing } from './recurrence-rule.ts';
import { isTimezone } from './timezone.ts';

/** The problem with a schedule's interval in seconds, in the API's words; `undefined` if it is valid. */
export function intervalProblem(seconds: number): string | undefined {
  return seconds > 0 ? undefined : 'The interval must be positive';
}

/** The problem with a schedule's time zone, in the API's words. Null and an empty name mean the default. */
export function timezoneProblem(name: string | null): string | undefined {
  if (name === null || name === '' || isTimezone(name)) return undefined;
  return `Invalid timezone: "${name}"`;
}

/** The problem with a cron expression, in the API's words; `undefined` if it is valid. */
export function cronProblem(text: string): string | undefined {
  const cron = parseCron(text);
  if (cron === 'invalid') return `Invalid cron string: "${text}"`;
  if (cron === 'random') return `Random and Hashed expressions are unsupported, recieved: "${text}"`;
  return undefined;
}

/** The problem with an RRULE text, in the API's words; `undefined` if it is valid. */
export function recurrenceProblem(text: string): string | undefined {
  // Checked first, so that an overlong text is not parsed.
  if (text.length > MOST_RECURRENCE_CHARACTERS) {
    const head = [...text.slice(0, 80)].slice(0, 40).join('');
    return `Invalid RRule string "${head}..."\nMax length is ${MOST_RECURRENCE_CHARACTERS}, got ${characterCount(text)}`;
  }
  const recurrence = parseRecurrence(text);
  if (recurrence === frequencyMissing) return recurrence;
  return typeof recurrence === 'string' ? `Invalid RRule string "${text}": ${recurrence}` : undefined;
}
