/** Replaces a secret in the log. */
const HIDDEN = '***';

/** Hides secrets in a text that is logged or printed. */
export type Redact = (text: string) => string;

/**
 * Creates the function that redacts everything that is logged or printed. It hides the given secrets, in every form in which
 * they can appear in a message, and the user, password, query and fragment of every URL.
 */
export function redactor(secrets: Iterable<string>): Redact {
  const known = [...new Set(secrets)].filter((secret) => secret.length >= shortestSecret);
  const forms = [...new Set(known.flatMap(formsOf))].toSorted((a, b) => b.length - a.length);
  return (text) => redactUrls(hideAll(hideEncoded(text, known), forms));
}

/** Shorter secrets would hide parts of ordinary words, and are found by guessing anyway. */
const shortestSecret = 3;

/** The forms of a secret: plain, and as in URLs, forms and JSON. */
function formsOf(secret: string): string[] {
  const encoded = encodeURIComponent(secret.toWellFormed());
  const lowerEscapes = encoded.replaceAll(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase());
  const form = new URLSearchParams([['', secret]]).toString().slice(1);
  return [secret, encoded, lowerEscapes, form, JSON.stringify(secret).slice(1, -1)];
}

/** Hides base64 words that contain a secret, such as a user with a password. */
function hideEncoded(text: string, secrets: readonly string[]): string {
  if (secrets.length === 0) return text;
  return text.replaceAll(/[\w+/-]{4,}={0,2}/g, (word) => {
    const decoded = Buffer.from(word, 'base64').toString('utf8');
    return secrets.some((secret) => decoded.includes(secret)) ? HIDDEN : word;
  });
}

function hideAll(text: string, forms: readonly string[]): string {
  return forms.reduce((shown, form) => (shown.includes(form) ? hideWords(shown, form) : shown), text);
}

/** Hides a text, except within a longer word. */
function hideWords(text: string, hidden: string): string {
  const pieces: string[] = [];
  let at = 0;
  let found = text.indexOf(hidden);
  while (found !== -1) {
    const end = found + hidden.length;
    const isWithinWord =
      (isWord(hidden[0]) && isWord(text[found - 1])) || (isWord(hidden.at(-1)) && isWord(text[end]));
    pieces.push(text.slice(at, found), isWithinWord ? hidden : HIDDEN);
    at = end;
    found = text.indexOf(hidden, at);
  }
  return pieces.join('') + text.slice(at);
}

function isWord(letter: string | undefined): boolean {
  return letter !== undefined && /\w/.test(letter);
}

const schemeEnd = '://';

/** Removes user, password, query and fragment from the URLs in a text. Takes linear time. @internal for tests */
export function redactUrls(text: string): string {
  const pieces: string[] = [];
  let at = 0;
  let found = text.indexOf(schemeEnd);
  while (found !== -1) {
    const from = found + schemeEnd.length;
    const length = text.slice(from).search(/[\s"'<>`]/);
    const end = length === -1 ? text.length : from + length;
    const place = isFile(text, found) ? text.slice(from, end) : shownPlace(text.slice(from, end));
    pieces.push(text.slice(at, from), place ?? HIDDEN);
    at = end;
    found = text.indexOf(schemeEnd, at);
  }
  return pieces.join('') + text.slice(at);
}

/** The lines of a stack contain file URLs, whose paths may contain an `@`. */
function isFile(text: string, schemeEndsAt: number): boolean {
  return text.slice(schemeEndsAt - 'file'.length, schemeEndsAt) === 'file';
}

const hostAndPort = /^(?:[\w.-]*|\[[\da-f:.]*\])(?::\d*)?$/i;

/**
 * The host and path of a URL without its scheme; undefined if the end of the password is not certain. Everything before the
 * last `@` of host and path is removed, because some passwords contain unencoded slashes.
 */
function shownPlace(url: string): string | undefined {
  const query = url.search(/[?#]/);
  const front = query === -1 ? url : url.slice(0, query);
  const place = front.slice(front.lastIndexOf('@') + 1);
  if (!place.includes('/') && query !== -1 && url.includes('@', query)) return undefined;
  return hostAndPort.test(place.split('/', 1)[0] ?? '') ? place : undefined;
}

/** An error in the log: what helps to find the fault, without the properties in which libraries keep their input. */
export type LoggedError = {
  type: string;
  message: string;
  stack?: string;
  cause?: LoggedError;
  errors?: LoggedError[];
  [fact: string]: unknown;
};

/** Properties of an error that contain no values: codes, and names of database objects. */
const safeFacts = [
  'code',
  'errcode',
  'syscall',
  'statusCode',
  'severity',
  'constraint',
  'table',
  'column',
] as const;
/** The maximum number of characters of a message or a stack that are logged. */
const longestText = 4000;
/** How many causes behind causes are logged. */
const mostCauses = 5;

/** Converts an error for the log. */
export function loggedError(error: unknown, redact: Redact, causes = mostCauses): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: shownText(String(error), redact) };
  const logged: LoggedError = {
    type: error.constructor.name,
    message: shownText(error.message, redact),
    stack: shownText(error.stack ?? '', redact),
  };
  for (const fact of safeFacts) {
    const value = factOf(error, fact);
    if (typeof value === 'string') logged[fact] = shownText(value, redact);
    else if (typeof value === 'number') logged[fact] = value;
  }
  if (causes > 0 && error.cause !== undefined) logged.cause = loggedError(error.cause, redact, causes - 1);
  if (causes > 0 && error instanceof AggregateError) {
    logged.errors = error.errors.slice(0, mostCauses).map((one) => loggedError(one, redact, causes - 1));
  }
  return logged;
}

function factOf(error: Error, name: string): unknown {
  return Object.getOwnPropertyDescriptor(error, name)?.value;
}

function shownText(text: string, redact: Redact): string {
  // Truncated after redaction, so that no part of a secret remains; text far beyond the limit is not read at all.
  const shown = redact(text.slice(0, longestText * 4));
  return shown.length > longestText ? `${shown.slice(0, longestText)}…` : shown;
}

/** The maximum nesting depth of logged values. */
const mostLevels = 5;

/** Converts a value for the log: redacts strings, converts errors. Only plain values are shown. */
export function loggedValue(value: unknown, redact: Redact, levels = mostLevels): unknown {
  if (typeof value === 'string') return shownText(value, redact);
  if (value instanceof Error) return loggedError(value, redact);
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return '…';
  if (Array.isArray(value)) return value.map((item) => loggedValue(item, redact, levels - 1));
  if (!isPlain(value)) return `[${value.constructor.name}]`;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, loggedValue(item, redact, levels - 1)]),
  );
}

/** Instances of classes may contain anything, such as a connection with its password. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
