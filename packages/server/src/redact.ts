/** What stands for a secret in a log. */
const HIDDEN = '***';

/** Hides secrets in a text that is logged or printed. */
export type Redact = (text: string) => string;

/**
 * Makes the one function through which all that is logged or printed goes. It hides the given secrets, in every form in
 * which they may stand in a message, and the user, password, query and fragment of every URL.
 */
export function redactor(secrets: Iterable<string>): Redact {
  const known = [...new Set(secrets)].filter((secret) => secret.length >= shortestSecret);
  const forms = [...new Set(known.flatMap(formsOf))].toSorted((a, b) => b.length - a.length);
  return (text) => redactUrls(hideAll(hideEncoded(text, known), forms));
}

/** Shorter secrets would hide parts of ordinary words, and are found by guessing anyway. */
const shortestSecret = 3;

/** A secret as it is, and as URLs, forms and JSON have it. */
function formsOf(secret: string): string[] {
  const encoded = encodeURIComponent(secret.toWellFormed());
  const lowerEscapes = encoded.replaceAll(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase());
  const form = new URLSearchParams([['', secret]]).toString().slice(1);
  return [secret, encoded, lowerEscapes, form, JSON.stringify(secret).slice(1, -1)];
}

/** Hides words of base64 that have a secret in them, such as a user with a password. */
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

/** A text whose URLs have lost their user, password, query and fragment. Takes time in proportion to the text. @internal for tests */
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

/** The lines of a stack name files, whose paths may have an `@`. */
function isFile(text: string, schemeEndsAt: number): boolean {
  return text.slice(schemeEndsAt - 'file'.length, schemeEndsAt) === 'file';
}

const hostAndPort = /^(?:[\w.-]*|\[[\da-f:.]*\])(?::\d*)?$/i;

/**
 * The host and the path of a URL without its scheme; undefined if it is not plain where the password ends. All before the
 * last `@` of host and path goes, since some write bare slashes into passwords.
 */
function shownPlace(url: string): string | undefined {
  const query = url.search(/[?#]/);
  const front = query === -1 ? url : url.slice(0, query);
  const place = front.slice(front.lastIndexOf('@') + 1);
  if (!place.includes('/') && query !== -1 && url.includes('@', query)) return undefined;
  return hostAndPort.test(place.split('/', 1)[0] ?? '') ? place : undefined;
}

/** An error as it is logged: what helps to find the fault, and none of the properties in which libraries keep their input. */
export type LoggedError = {
  type: string;
  message: string;
  stack?: string;
  cause?: LoggedError;
  errors?: LoggedError[];
  [fact: string]: unknown;
};

/** Facts about an error that name no value: codes, and names of things in the database. */
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
/** The most characters of a message or a stack that are logged. */
const longestText = 4000;
/** How many causes behind causes are logged. */
const mostCauses = 5;

/** An error in the form in which it is logged. */
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
  if (causes > 0 && error instanceof AggregateError)
    logged.errors = error.errors.slice(0, mostCauses).map((one) => loggedError(one, redact, causes - 1));
  return logged;
}

function factOf(error: Error, name: string): unknown {
  return Object.getOwnPropertyDescriptor(error, name)?.value;
}

function shownText(text: string, redact: Redact): string {
  // Cut after it is redacted, so that no part of a secret is left over; what is much longer is never looked at.
  const shown = redact(text.slice(0, longestText * 4));
  return shown.length > longestText ? `${shown.slice(0, longestText)}…` : shown;
}

/** How deep within each other logged values may be. */
const mostLevels = 5;

/** A value as it is logged: texts redacted, errors in their logged form. Only plain values are shown. */
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

/** Objects of classes may keep anything, such as a connection its password. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
