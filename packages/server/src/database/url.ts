import { DatabaseUnavailableError } from './errors.ts';

/** How the connection to Postgres is encrypted: not at all, with any certificate, or with one that is checked. */
export type PostgresSsl = boolean | { rejectUnauthorized: boolean };

/** The place of an SQLite database: a file, as written in the URL, or `undefined` for one in memory. */
export type SqliteLocation = { readonly dialect: 'sqlite'; readonly path: string | undefined };

/** The place of a Postgres database. `host` can be the folder of a Unix socket. */
export type PostgresLocation = {
  readonly dialect: 'postgres';
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly ssl: PostgresSsl;
};

/** The content of a database URL. */
export type DatabaseLocation = SqliteLocation | PostgresLocation;

/** A database URL that cannot be understood; the message names the rule and shows nothing of the URL. @internal for tests */
export class DatabaseUrlError extends DatabaseUnavailableError {
  constructor(rule: string) {
    super(rule);
    this.name = 'DatabaseUrlError';
  }
}

/** The parts of `user:password@host:port/name?options`, not decoded. */
type UrlParts = { userinfo: string | undefined; place: string; options: URLSearchParams };

const anyUrl = /^(\w+)(?:\+\w+)?:\/\/(.*)$/s;
const defaultPort = 5432;

/**
 * Parses a database URL in SQLAlchemy's format, with or without the name of a Python driver:
 * `sqlite+aiosqlite:////absolute/path.db`, `sqlite:///relative.db`, `sqlite://` (in memory),
 * `postgresql+asyncpg://user:password@host:port/name?ssl=require`. User name and password can be percent-encoded. Options
 * that do not concern the place are ignored.
 * @throws DatabaseUrlError
 */
export function parseDatabaseUrl(url: string): DatabaseLocation {
  const [, scheme, rest] = anyUrl.exec(url.trim()) ?? [];
  switch (scheme?.toLowerCase()) {
    case 'sqlite':
      return parseSqlite(rest ?? '');
    case 'postgres':
    case 'postgresql':
      return parsePostgres(split(rest ?? ''));
    default:
      throw new DatabaseUrlError('A database URL must begin with "sqlite://" or "postgresql://".');
  }
}

/**
 * The passwords in a database URL, as written and decoded, for redaction. Also works on URLs that cannot be parsed, for which
 * it may return too much. Never throws.
 */
export function passwordsOf(url: string): string[] {
  const rest = url.slice(url.indexOf('://') + 1);
  const at = rest.lastIndexOf('@');
  const colon = rest.indexOf(':', 2);
  const written = at > colon && colon !== -1 ? [rest.slice(colon + 1, at)] : [];
  const option = /[?&]password=([^&]*)/i.exec(rest)?.[1];
  const all = option === undefined ? written : [...written, option];
  return all.filter((password) => password !== '').flatMap((password) => [password, decoded(password)]);
}

function parseSqlite(rest: string): SqliteLocation {
  const { place, options } = cutOptions(rest);
  if (place !== '' && !place.startsWith('/')) {
    throw new DatabaseUrlError(
      'An SQLite URL must have three slashes before a relative path ("sqlite:///name.db") and four before an absolute one.',
    );
  }
  const path = place.slice(1);
  if (path === '' || path.includes(':memory:') || options.get('mode') === 'memory') return inMemory;
  const isUri = path.startsWith('file:') && isTrue(options.get('uri'));
  return { dialect: 'sqlite', path: isUri ? pathOfFileUri(path) : path };
}

const inMemory: SqliteLocation = { dialect: 'sqlite', path: undefined };

/** `file:relative`, `file:/absolute` and `file:///absolute`, percent-encoded as SQLite's own file URIs are. */
function pathOfFileUri(uri: string): string {
  const path = decoded(uri.slice('file:'.length).replace(/^\/\/(localhost)?(?=\/)/, ''));
  if (path !== '') return path;
  throw new DatabaseUrlError('An SQLite URL with a "file:" path must name a file after it.');
}

function parsePostgres({ userinfo, place, options }: UrlParts): PostgresLocation {
  const colon = userinfo?.indexOf(':') ?? -1;
  const named = colon < 0 ? userinfo : userinfo?.slice(0, colon);
  const user = options.get('user') ?? (named === undefined ? undefined : decoded(named) || undefined);
  const secret = userinfo === undefined || colon < 0 ? undefined : decoded(userinfo.slice(colon + 1));
  const slash = place.indexOf('/');
  const { host, port } = parseAuthority(slash < 0 ? place : place.slice(0, slash));
  const database = slash < 0 ? '' : place.slice(slash + 1);
  // The apparent host and name are parts of a password; errors would show them.
  if ([database, ...options.keys()].some((part) => part.includes('@'))) throw postgresFormError();
  return {
    dialect: 'postgres',
    host: options.get('host') || host || 'localhost',
    port: portOf(options.get('port') ?? port),
    database: options.get('database') || decoded(database) || user || 'postgres',
    user,
    password: options.get('password') ?? secret,
    ssl: sslOf(options.get('ssl') ?? options.get('sslmode')),
  };
}

/** `host`, `host:port`, `[::1]:port` or nothing. */
function parseAuthority(authority: string): { host: string; port: string } {
  const match = /^(?:\[([^\]]+)\]|([^:[\]@]*))(?::(\d*))?$/.exec(authority);
  if (match !== null) return { host: match[1] ?? match[2] ?? '', port: match[3] ?? '' };
  throw postgresFormError();
}

function postgresFormError(): DatabaseUrlError {
  return new DatabaseUrlError(
    'A Postgres URL must be of the form "postgresql://user:password@host:port/name", with ":", "/", "?" and "@" in the user name and the password percent-encoded.',
  );
}

function portOf(text: string): number {
  if (text === '') return defaultPort;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  throw new DatabaseUrlError('The port in a Postgres URL must be a number between 1 and 65535.');
}

function sslOf(mode: string | null): PostgresSsl {
  switch (mode?.toLowerCase() ?? 'disable') {
    // These two would use encryption if the server offers it, but do not require it.
    case 'allow':
    case 'prefer':
    case 'disable':
    case 'false':
    case '0':
      return false;
    case 'require':
      return { rejectUnauthorized: false };
    case 'verify-ca':
    case 'verify-full':
    case 'true':
    case '1':
      return true;
    default:
      throw new DatabaseUrlError(
        'The option "ssl" of a Postgres URL must be one of disable, allow, prefer, require, verify-ca and verify-full.',
      );
  }
}

function split(rest: string): UrlParts {
  const at = endOfUserinfo(rest);
  const { place, options } = cutOptions(rest.slice(at + 1));
  return { userinfo: at < 0 ? undefined : rest.slice(0, at), place, options };
}

/**
 * The position of the `@` after the credentials, or -1. A password may contain a bare `/` or `?`, and a bare `@` only before
 * those.
 */
function endOfUserinfo(rest: string): number {
  const [first = ''] = rest.split(/[/?]/, 1);
  const at = first.lastIndexOf('@');
  if (at >= 0 || /^[^:]*(:\d*)?$/.test(first) || first.startsWith('[')) return at;
  return rest.indexOf('@');
}

function cutOptions(text: string): { place: string; options: URLSearchParams } {
  const question = text.indexOf('?');
  if (question < 0) return { place: text, options: new URLSearchParams() };
  return { place: text.slice(0, question), options: new URLSearchParams(text.slice(question + 1)) };
}

function isTrue(value: string | null): boolean {
  return value !== null && ['1', 'true', 'yes', 'on'].includes(value.toLowerCase());
}

/** Percent-decodes if possible; a bare `%` in a password is kept. */
function decoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (bytes) => {
    try {
      return decodeURIComponent(bytes);
    } catch {
      return bytes;
    }
  });
}
