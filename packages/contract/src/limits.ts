/**
 * The most characters of a text that stands for a UUID, a number, a moment or a duration. No real one has a tenth of them;
 * longer texts are refused before anything looks at them.
 */
export const MOST_SCALAR_CHARACTERS = 1000;

/** The most characters of a cron expression. One that lists every minute, hour, day and month has fewer than 600. */
export const MOST_CRON_CHARACTERS = 6500;

/** The most characters of an RRULE text, which is the reference's own limit. */
export const MOST_RECURRENCE_CHARACTERS = 6500;

/** The most characters of the name of a time zone. The longest of the IANA database has 32. */
export const MOST_TIMEZONE_CHARACTERS = 200;
