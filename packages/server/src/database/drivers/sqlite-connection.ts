import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import { JsonText } from '@mintaka/contract/json';
import { secondsOfSqliteInterval } from '../codecs/interval.ts';
import { MOST_RESULT_BYTES, ResultTooLargeError } from '../errors.ts';
import type { Statement } from '../statements.ts';
import { isBeyondNumbers, sqliteError } from './sqlite-errors.ts';
import { addHistoryFunction } from './sqlite-history.ts';
import { addTextFunction } from './sqlite-text.ts';

type Row = Record<string, unknown>;

/** The content of a column for which SQLite has no type. */
type Kind = 'json' | 'boolean' | 'interval';
/** A column of a result, and how it is decoded. */
export type Column = { readonly name: string; readonly kind: Kind | undefined };
/** Undecoded rows, each a list of its values; see {@link decodeRows}. */
export type RawRows = { rows: SQLOutputValue[][]; columns: readonly Column[] };

type Prepared = {
  statement: StatementSync;
  columns: readonly Column[];
  /** The indexes of columns with possibly long values. */
  texts: readonly number[];
  /** Whether it may also change rows of other tables, through foreign keys. */
  cascades: boolean;
  /** Whether it changes rows and returns them. */
  returning: boolean;
};

/** The maximum number of prepared statements per connection. */
const preparedLimit = 500;
/**
 * The size of the page cache of a connection. It is small, because other pages come from the operating system's cache within
 * microseconds, and large caches of several connections would grow with the database for hours.
 */
const cacheKibibytes = 8192;
/** How long a connection itself waits for another process's lock, in milliseconds; it blocks the event loop. */
const busyMilliseconds = 5;

/** One connection to an SQLite file: caches prepared statements by text, decodes rows by the declared column types. */
export class SqliteConnection {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, Prepared>();
  #written = 0;

  /** Opens the file (or `:memory:`). @throws if it cannot be opened. */
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

  /** Runs statements without results. */
  exec(sql: string): void {
    try {
      this.#database.exec(sql);
    } catch (error) {
      throw sqliteError(error);
    }
  }

  /** Whether a transaction is open; SQLite rolls back itself after some failures. */
  get inTransaction(): boolean {
    return this.#database.isTransaction;
  }

  /**
   * The amount written since the connection was opened: the number of rows, including cascades, and of the pages of long
   * texts.
   */
  get written(): number {
    return this.#written;
  }

  /** A number that is another one after another connection has written to the file. */
  get dataVersion(): number {
    const [row] = lists(this.#prepare('PRAGMA data_version').statement.all());
    return Number(row?.[0] ?? 0);
  }

  /** All rows of a statement, decoded. @throws IntegrityError, UnstorableValueError */
  all(statement: Statement): Row[] {
    return decodeRows(this.raw(statement));
  }

  /** All rows of a statement, undecoded. @throws IntegrityError, UnstorableValueError */
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
      // A statement that failed half-way would keep failing.
      this.#prepared.delete(statement.sql);
      // A statement that has changed rows must not run again.
      if (!isBeyondNumbers(error) || returning) throw sqliteError(error);
      return { rows: allRounded(prepared, bind(statement.parameters)), columns };
    }
  }

  /** Runs a statement and returns the number of changed rows. @throws IntegrityError, UnstorableValueError */
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
    // Objects that Node creates for rows are several times as slow to read as those that we create from lists.
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

/** Reads integers that JavaScript cannot represent exactly as the nearest double: other servers may have stored some. */
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

/** Rows of a statement that returns lists, which its declared type does not express. */
function lists(rows: readonly unknown[]): SQLOutputValue[][] {
  return rows as SQLOutputValue[][];
}

/** The same, one by one. */
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

/** Converts rows to objects: JSON as text, booleans as true or false, intervals as seconds. */
export function decodeRows({ rows, columns }: RawRows): Row[] {
  return rows.map((values) => {
    const row: Row = {};
    // By index, because an iterator over the columns of each row takes as long as everything else.
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

/** Whether a column of a declared type may contain a long text; an expression has no type. */
function mayBeLong(declared: string | null): boolean {
  return declared === null || declared === 'JSON' || declared === 'VARCHAR' || declared === 'TEXT';
}

/** The content of a column by its declared type; intervals are declared as timestamps and recognised by name. */
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
