/**
 * The maximum length of a UUID, number, date-time or duration that is sent as a string. Real ones have less than a
 * tenth of it; longer texts are refused before they are parsed.
 */
export const MOST_SCALAR_CHARACTERS = 1000;

/** The maximum length of a cron expression. One that lists every minute, hour, day and month has fewer than 600. */
export const MOST_CRON_CHARACTERS = 6500;

/** The maximum length of an RRULE text, the same as the reference's. */
export const MOST_RECURRENCE_CHARACTERS = 6500;

/** The maximum length of the name of a time zone. The longest name of the IANA database has 32 characters. */
export const MOST_TIMEZONE_CHARACTERS = 200;

/** The maximum length of the URL of a web page, which is the reference's own limit. */
export const MOST_URL_CHARACTERS = 2083;

/**
 * The maximum number of digits of numbers with an exponent when written out: `free` plus `perByte` for each byte of
 * the body. Postgres stores `1e300` as 301 digits, so a short body could create a huge row.
 */
export const WRITTEN_OUT_DIGITS = { free: 1_048_576, perByte: 4 } as const;

/**
 * The maximum number of errors in a 422. A client that sends millions of wrong items must not cause an error for
 * each.
 */
export const MOST_COMPLAINTS = 1000;

/** The approximate maximum length of all errors of a request. The first error is always reported. */
export const MOST_COMPLAINT_CHARACTERS = 1_048_576;

/** The maximum length of a client's text, such as a wrong name, in a message. */
export const MOST_SHOWN_CHARACTERS = 1000;

/** The maximum length of a message in an answer. */
export const MOST_MESSAGE_CHARACTERS = 10_000;

/** The maximum size of a body that an answer shows in full, in bytes. */
export const MOST_SHOWN_BODY_BYTES = 65_536;

/**
 * The maximum length of a work pool's job template, as JSON. Templates of Prefect's own workers have at most 20,000
 * characters.
 */
export const MOST_TEMPLATE_CHARACTERS = 262_144;

/**
 * The maximum number of variables of a work pool's job template. Templates of Prefect's own workers have at most 20.
 */
export const MOST_TEMPLATE_VARIABLES = 1000;

/** How many levels of arrays and objects a work pool's template of jobs may have. */
export const MOST_TEMPLATE_DEPTH = 100;

/** The maximum length of a deployment's overrides, as JSON, if its pool declares variables. */
export const MOST_OVERRIDES_CHARACTERS = 1_048_576;

/**
 * Limits of the check of overrides against the variables of a pool. Users write the schema, and it can demand any
 * amount of work.
 */
export const SCHEMA_CHECK = {
  /** Seconds for one check. */
  seconds: 5,
  /** Mebibytes of memory for one check. */
  mebibytes: 128,
  /** How many checks may wait for each other. */
  waiting: 20,
  /** The maximum size of all patterns of a schema, in instructions of the RE2 program: `a{100}` has 100. */
  patternInstructions: 100_000,
} as const;

/** How many other documents a block document may refer to by its own fields. */
export const MOST_DOCUMENT_REFERENCES = 1000;

/** The maximum number of schemas that a block schema refers to, including those that it defines. */
export const MOST_SCHEMA_REFERENCES = 100;

/**
 * The maximum length of the fields of a block schema, as JSON. Schemas of Prefect's own blocks have at most 20,000
 * characters.
 */
export const MOST_SCHEMA_CHARACTERS = 262_144;

/**
 * The maximum size (in characters of data) and depth of nested documents in the answer for a block document. The rest
 * is shown as references, because shared documents would otherwise be repeated exponentially often.
 */
export const WRITTEN_OUT_DOCUMENTS = { characters: 1_048_576, depth: 50 } as const;

/** The maximum length of the definitions in the answer for a block schema. */
export const MOST_DEFINITION_CHARACTERS = 1_048_576;

/** The maximum number of secret paths of a block schema. If it has more, all data of its documents is secret. */
export const MOST_SECRET_PATHS = 1000;

/** The maximum number of flow runs of one claim: each is a state change in the same transaction. */
export const MOST_CLAIMED_RUNS = 100;

/** The maximum number of operations of a list, which share a transaction. */
export const MOST_LISTED_OPERATIONS = 200;

/**
 * The maximum length of all results of a list of operations. It can read the same large run many times. A single result is
 * never too large.
 */
export const MOST_LISTED_CHARACTERS = 67_108_864;
