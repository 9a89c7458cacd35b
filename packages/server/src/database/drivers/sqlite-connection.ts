import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import { JsonText } from '@mintaka/contract/json';
import { secondsOfSqliteInterval } from '../codecs/interval.ts';
import { MOST_RESULT_BYTES, ResultTooLargeError } from '../errors.ts';
import type { Statement } from '../statements.ts';
import { isBeyondNumbers, sqliteError } from './sqlite-errors.ts';
import { addHistoryFunction } from './sqlite-history.ts';
import { addTextFunction } from './sqlite-text.ts';

type Row = Record<string, unknown>;

/** What a column holds that SQLite itself has no type for. */
type Kind = 'json' | 'boolean' | 'interval';
/** A column of a statement's rows, and what of it wants decoding. */
export type Column = { readonly name: string; readonly kind: Kind | undefined };
/** Rows as SQLite gives them, each the list of its values; see {@link decodeRows}. */
export type RawRows = { rows: SQLOutputValue[][]; columns: readonly Column[] };

type Prepared = {
  statement: StatementSync;
  columns: readonly Column[];
  /** The places of the columns whose values may be long. */
  texts: readonly number[];
  /** Whether it may change more rows than it names: those of other tables that refer to them. */
  cascades: boolean;
  /** Whether it changes rows and gives them. */
  returning: boolean;
};

/** How many statements one connection keeps prepared. */
const preparedLimit = 500;
/**
 * How many pages one connection keeps. Few: what is not among them comes from the system's own cache within microseconds, and
 * several connections with large ones would grow with the database for hours.
 */
const cacheKibibytes = 8192;
/** How long a connection itself waits for another process' lock, in milliseconds; it holds up the event loop. */
const busyMilliseconds = 5;

/** One connection to an SQLite file: prepared statements kept by their text, rows decoded by the declared column types. */
export class SqliteConnection {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, Prepared>();
  #written = 0;

  /** Opens the file (or `:memory:`). @throws where it cannot be opened. */
  constructor(path: string, options: { readOnly?: boolean } = {}) {
    try {
      this.#database = new DatabaseSync(path, {
        timeout: busyMilliseconds,
        readOnly: options.readOnly ?? false,
      });
      this.#database.exec('PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY');
      this.#database.exec(`PRAGMA cache_size = -${cacheKibibytes}`);
    } catch (error) {
      throw sqliteError(error);
    }
    addHistoryFunction(this.#database);
    addTextFunction(this.#database);
  }

  /** Runs statements that give no rows. */
  exec(sql: string): void {
    try {
      this.#database.exec(sql);
    } catch (error) {
      throw sqliteError(error);
    }
  }

  /** Whether a transaction is open; SQLite closes one by itself after some failures. */
  get inTransaction(): boolean {
    return this.#database.isTransaction;
  }

  /** How much was written since the connection was opened: the number of rows, cascades included, and of the pages of long texts. */
  get written(): number {
    return this.#written;
  }

  /** All rows of a statement, decoded. @throws IntegrityError, UnstorableValueError */
  all(statement: Statement): Row[] {
    return decodeRows(this.raw(statement));
  }

  /** All rows of a statement, not decoded yet. @throws IntegrityError, UnstorableValueError */
  raw(statement: Statement): RawRows {
    const prepared = this.#prepare(statement.sql);
    const { columns, cascades, returning } = prepared;
    const before = cascades ? this.#totalChanges() : 0;
    try {
      const rows = rowsOf(prepared, bind(statement.parameters));
      if (cascades) this.#written += this.#totalChanges() - before;
      else if (returning) this.#written += rows.length + pagesOf(statement.parameters);
      return { rows, columns };
    } catch (error) {
      // A statement that failed half-way would fail again, whatever it is asked.
      this.#prepared.delete(statement.sql);
      // What has changed rows must not run again.
      if (!isBeyondNumbers(error) || returning) throw sqliteError(error);
      return { rows: allRounded(prepared, bind(statement.parameters)), columns };
    }
  }

  /** Runs a statement and gives the number of rows that it changed. @throws IntegrityError, UnstorableValueError */
  run(statement: Statement): number {
    const { statement: prepared, cascades } = this.#prepare(statement.sql);
    const before = cascades ? this.#totalChanges() : 0;
    try {
      const changes = Number(prepared.run(...bind(statement.parameters)).changes);
      this.#written += cascades ? this.#totalChanges() - before : changes;
      if (changes > 0) this.#written += pagesOf(statement.parameters);
      return changes;
    } catch (error) {
      throw sqliteError(error);
    }
  }

  close(): void {
    this.#prepared.clear();
    this.#database.close();
  }

  /** How many rows were changed since the connection was opened. */
  #totalChanges(): number {
    const [row] = lists(this.#prepare('SELECT total_changes()').statement.all());
    return Number(row?.[0] ?? 0);
  }

  #prepare(sql: string): Prepared {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const statement = this.#prepareNew(sql);
    // Node makes objects of rows that are several times as slow to read as those that we make of lists.
    statement.setReturnArrays(true);
    const described = statement.columns();
    const prepared = {
      statement,
      columns: described.map(({ name, type, column }) => ({ name, kind: kindOf(type, column) })),
      texts: described.flatMap(({ type }, place) => (mayBeLong(type) ? [place] : [])),
      cascades: /\bdelete\s+from\b/i.test(sql),
      returning: /\breturning\b/i.test(sql),
    };
    if (this.#prepared.size >= preparedLimit) this.#forgetOldest();
    this.#prepared.set(sql, prepared);
    return prepared;
  }

  #prepareNew(sql: string): StatementSync {
    try {
      return this.#database.prepare(sql);
    } catch (error) {
      throw sqliteError(error);
    }
  }

  #forgetOldest(): void {
    const oldest = this.#prepared.keys().next();
    if (!oldest.done) this.#prepared.delete(oldest.value);
  }
}

/** All rows of a statement. @throws ResultTooLargeError */
function rowsOf({ statement, texts }: Prepared, parameters: SQLInputValue[]): SQLOutputValue[][] {
  if (texts.length === 0) return lists(statement.all(...parameters));
  const rows: SQLOutputValue[][] = [];
  let length = 0;
  for (const row of eachList(statement.iterate(...parameters))) {
    rows.push(row);
    for (const place of texts) {
      const value = row[place];
      if (typeof value === 'string') length += value.length;
    }
    if (length > MOST_RESULT_BYTES && rows.length > 1) throw new ResultTooLargeError();
  }
  return rows;
}

/** Reads whole numbers that JavaScript cannot hold exactly as the nearest that it can: other servers may have stored some. */
function allRounded(prepared: Prepared, parameters: SQLInputValue[]): SQLOutputValue[][] {
  const { statement } = prepared;
  statement.setReadBigInts(true);
  try {
    return rowsOf(prepared, parameters).map((row) =>
      row.map((value) => (typeof value === 'bigint' ? Number(value) : value)),
    );
  } finally {
    statement.setReadBigInts(false);
  }
}

/** Rows of a statement that gives lists, which its declared type does not tell. */
function lists(rows: readonly unknown[]): SQLOutputValue[][] {
  return rows as SQLOutputValue[][];
}

/** The same, one after the other. */
function eachList(rows: Iterable<unknown>): Iterable<SQLOutputValue[]> {
  return rows as Iterable<SQLOutputValue[]>;
}

function bind(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters.map(bindOne);
}

function bindOne(value: unknown): SQLInputValue {
  switch (typeof value) {
    case 'string':
    case 'number':
      return value;
    case 'boolean':
      return value ? 1 : 0;
    default:
      if (value === null) return null;
      throw new TypeError(`cannot bind a parameter of type ${typeof value}`);
  }
}

function pagesOf(parameters: readonly unknown[]): number {
  let pages = 0;
  for (const value of parameters) if (typeof value === 'string') pages += Math.floor(value.length / 4096);
  return pages;
}

/** Makes objects of rows: JSON parsed, booleans true or false, intervals as seconds. */
export function decodeRows({ rows, columns }: RawRows): Row[] {
  return rows.map((values) => {
    const row: Row = {};
    // By place: an iterator over the columns of each row takes as long as all the rest.
    for (let place = 0; place < columns.length; place += 1) {
      const column = columns[place];
      if (column === undefined) continue;
      const value = values[place];
      row[column.name] =
        column.kind !== undefined && (typeof value === 'string' || typeof value === 'number')
          ? decode(value, column.kind)
          : value;
    }
    return row;
  });
}

function decode(value: string | number, kind: Kind): unknown {
  switch (kind) {
    case 'json':
      return new JsonText(String(value));
    case 'boolean':
      return value === 1 || value === '1';
    case 'interval':
      return secondsOfSqliteInterval(String(value));
  }
}

/** Whether a column of a declared type may hold a long text; an expression has no type. */
function mayBeLong(declared: string | null): boolean {
  return declared === null || declared === 'JSON' || declared === 'VARCHAR' || declared === 'TEXT';
}

/** Declared types tell what a column holds; intervals are declared as moments and known by name. */
function kindOf(declared: string | null, column: string | null): Kind | undefined {
  switch (declared) {
    case 'JSON':
      return 'json';
    case 'BOOLEAN':
      return 'boolean';
    case 'DATETIME':
      return column === 'total_run_time' ? 'interval' : undefined;
    default:
      return undefined;
  }
}
