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

/** The most characters of the address of a web page, which is the reference's own limit. */
export const MOST_URL_CHARACTERS = 2083;

/**
 * How many digits numbers with an exponent may take once they are written out, beyond `perByte` for each byte of the body:
 * Postgres keeps `1e300` as 301 digits, so that a short body would make a huge row.
 */
export const WRITTEN_OUT_DIGITS = { free: 1_048_576, perByte: 4 } as const;

/** How many complaints a refused request gets. Whoever sends millions of wrong items must not get, nor cost, a complaint about each. */
export const MOST_COMPLAINTS = 1000;

/** The most characters that the complaints about a request take together, counted roughly. One complaint may always be made. */
export const MOST_COMPLAINT_CHARACTERS = 1_048_576;

/** The most characters of a text of the client that a message shows, such as a wrong name. */
export const MOST_SHOWN_CHARACTERS = 1000;

/** The most characters of a message in an answer. */
export const MOST_MESSAGE_CHARACTERS = 10_000;

/** The most bytes of a body that an answer shows in full. */
export const MOST_SHOWN_BODY_BYTES = 65_536;

/** The most characters of a work pool's template of jobs, as JSON. Those of Prefect's own workers have at most 20,000. */
export const MOST_TEMPLATE_CHARACTERS = 262_144;

/** The most variables of a work pool's template of jobs. Those of Prefect's own workers have at most 20. */
export const MOST_TEMPLATE_VARIABLES = 1000;

/** How many levels of arrays and objects a work pool's template of jobs may have. */
export const MOST_TEMPLATE_DEPTH = 100;

/** The most characters of a deployment's overrides, as JSON, if its pool says which variables its jobs take. */
export const MOST_OVERRIDES_CHARACTERS = 1_048_576;

/** What the check of overrides against the variables of a pool may take; its schema is the user's, and can ask for any amount of work. */
export const SCHEMA_CHECK = {
  /** Seconds for one check. */
  seconds: 5,
  /** Mebibytes of memory for one check. */
  mebibytes: 128,
  /** How many checks may wait for each other. */
  waiting: 20,
  /** How large the patterns of one schema may be together, in instructions of the machine that runs them: `a{100}` has 100. */
  patternInstructions: 100_000,
} as const;

/** How many other documents a block document may refer to by its own fields. */
export const MOST_DOCUMENT_REFERENCES = 1000;

/** How many other schemas a block schema may refer to, with the schemas that it defines. */
export const MOST_SCHEMA_REFERENCES = 100;

/** The most characters of the fields of a block schema, as JSON. Those of Prefect's own blocks have at most 20,000. */
export const MOST_SCHEMA_CHARACTERS = 262_144;

/**
 * How much of the documents to which a block document refers is written out within it, in characters of their data, and how
 * deep. What is beyond stays a reference: documents that share others would be written out exponentially often.
 */
export const WRITTEN_OUT_DOCUMENTS = { characters: 1_048_576, depth: 50 } as const;

/** The most characters of definitions that are written into a block schema when it is read. */
export const MOST_DEFINITION_CHARACTERS = 1_048_576;

/** How many places of secrets a block schema may name. If it names more, all data of its documents is secret. */
export const MOST_SECRET_PATHS = 1000;
