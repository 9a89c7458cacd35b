import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import pg from 'pg';
import { MOST_RESULT_BYTES, ResultTooLargeError, TemporaryDatabaseError } from '../errors.ts';
import type { Statement } from '../statements.ts';
import { isConnectionLost, postgresError, UnreadableAnswerError } from './postgres-errors.ts';

/** The result of a statement. */
export type Result = pg.QueryResult<Record<string, unknown>>;

/** The backend process of a connection. Process ids are reused, so the start time is part of its identity. */
export type Backend = { readonly pid: number; readonly started: string };

/** How many statements get a name, and so stay prepared on each connection. */
const namedLimit = 500;
/** The interval of checks for silent connections, in milliseconds. */
const watchMilliseconds = 500;

/** How the connections are watched. */
export type WatchOptions = {
  /** For how long a connection may say nothing while a statement waits for its answer, in milliseconds; 0: for ever. */
  silenceLimit: number;
  /** The timeout for the first statement of a new connection, in milliseconds; 0 for none. */
  connectionTimeout: number;
  /** Milliseconds since any fixed point. */
  monotonic: () => number;
};

/** An acquired connection. */
export type Connection = {
  /** Its backend process. */
  readonly backend: Backend;
  /** When it was opened, in milliseconds of the monotonic clock. */
  readonly madeAt: number;
  /** Why it is unusable; undefined while it works. */
  readonly broken: Error | undefined;
  /** Sends a statement, pipelined with the others of the same turn. @throws as described at `postgresError` */
  send(statement: Statement): Promise<Result>;
  /** Runs any number of statements without parameters, or one with parameters, unprepared; returns the rows of one. */
  exec(sql: string, parameters?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** Closes the connection when it is released, because its state is unknown. */
  abandon(error: unknown): void;
};

/** A pool of connections to one Postgres database that replaces broken and silent ones. */
export class PostgresConnections {
  readonly #pool: pg.Pool;
  readonly #links = new Map<pg.ClientBase, Link>();
  readonly #nameOf = statementNames();
  readonly #watch: WatchOptions;
  readonly #watching: NodeJS.Timeout | undefined;
  #closing = false;

  /** @param onConnectionLost called if an idle connection breaks. */
  constructor(config: pg.PoolConfig, watch: WatchOptions, onConnectionLost: (error: Error) => void) {
    this.#watch = watch;
    this.#pool = new pg.Pool({ ...config, Client: GuardedClient, onConnect: (client) => this.#add(client) });
    this.#pool.on('error', onConnectionLost);
    if (watch.silenceLimit > 0) {
      this.#watching = setInterval(() => this.#dropSilent(), watchMilliseconds);
      this.#watching.unref();
    }
  }

  /**
   * Acquires a connection for the duration of `work`.
   * @param patiently whether the server may take any time, as for a migration.
   * @throws TemporaryDatabaseError if no connection is available
   */
  async lend<R>(work: (connection: Connection) => Promise<R>, patiently = false): Promise<R> {
    const client = await this.#checkOut();
    const link = this.#links.get(client);
    if (link === undefined) throw new Error('acquired a connection that is not monitored');
    link.lentFor = patiently ? 'long' : 'short';
    try {
      return await work(link);
    } finally {
      link.lentFor = undefined;
      client.release(link.broken);
    }
  }

  /** Closes all connections once the acquired ones are released. */
  async close(): Promise<void> {
    this.#closing = true;
    clearInterval(this.#watching);
    await this.#pool.end();
  }

  async #checkOut(): Promise<pg.PoolClient> {
    if (this.#closing) throw new TemporaryDatabaseError('closing');
    try {
      return await this.#pool.connect();
    } catch (error) {
      const { idleCount, totalCount, options } = this.#pool;
      // Connections that are being opened count too.
      const isExhausted = idleCount === 0 && totalCount >= options.max && totalCount === this.#links.size;
      throw new TemporaryDatabaseError(isExhausted ? 'no free connection' : 'unreachable', error);
    }
  }

  /** Called for each new connection before it is acquired. */
  async #add(client: pg.ClientBase): Promise<void> {
    const link = new Link(client, this.#nameOf, this.#watch.monotonic());
    this.#links.set(client, link);
    client.on('error', (error) => link.abandon(error));
    client.on('end', () => this.#links.delete(client));
    const { connectionTimeout } = this.#watch;
    const giveUp = () => link.destroy(new Error('the connection is open but does not respond'));
    const timeout = connectionTimeout > 0 ? setTimeout(giveUp, connectionTimeout) : undefined;
    try {
      await link.identify();
    } finally {
      clearTimeout(timeout);
      link.lentFor = undefined;
    }
  }

  /** If a connection is silent, it was cut off, and others may be too, so idle ones are closed with it. */
  #dropSilent(): void {
    const now = this.#watch.monotonic();
    const links = [...this.#links.values()];
    const silent = links.filter((link) => link.silentFor(now) > this.#watch.silenceLimit);
    if (silent.length === 0) return;
    const error = new Error('the connection stopped responding');
    for (const link of links) if (silent.includes(link) || link.lentFor === undefined) link.destroy(error);
  }
}

const identify: Statement = {
  sql: 'SELECT pid, backend_start::text AS started FROM pg_stat_activity WHERE pid = pg_backend_pid()',
  parameters: [],
};

/** A connection of the pool and its state. */
class Link implements Connection {
  readonly #client: pg.ClientBase;
  readonly #nameOf: NameOf;
  #backend: Backend | undefined;
  #unanswered = 0;
  #gathered = false;
  #heardBytes = 0;
  #heardAt: number;
  readonly madeAt: number;
  /** Why the connection is of no use any more. */
  broken: Error | undefined;
  /** Whether it is acquired, and for how long. */
  lentFor: 'short' | 'long' | undefined;

  constructor(client: pg.ClientBase, nameOf: NameOf, now: number) {
    this.#client = client;
    this.#nameOf = nameOf;
    this.#heardAt = now;
    this.madeAt = now;
    this.lentFor = 'short';
  }

  get backend(): Backend {
    if (this.#backend === undefined) throw new Error('acquired a connection whose server process is unknown');
    return this.#backend;
  }

  async identify(): Promise<void> {
    const { rows } = await this.send(identify);
    this.#backend = { pid: Number(rows[0]?.pid), started: String(rows[0]?.started) };
  }

  send(statement: Statement): Promise<Result> {
    this.#gather();
    return this.#ask(this.#queryOf(statement));
  }

  async exec(sql: string, parameters: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
    return (await this.#ask({ text: sql, values: [...parameters] })).rows;
  }

  abandon(error: unknown): void {
    this.broken ??= error instanceof Error ? error : new Error(String(error));
  }

  /** Cuts the connection; its statements fail. */
  destroy(error: Error): void {
    streamOf(this.#client).destroy(error);
  }

  /** How long the server has owed a response, in milliseconds; call it regularly. */
  silentFor(now: number): number {
    const stream = streamOf(this.#client);
    const heard = stream instanceof Socket ? stream.bytesRead : 0;
    if (this.#unanswered === 0 || heard !== this.#heardBytes || this.lentFor === 'long') {
      this.#heardAt = now;
      this.#heardBytes = heard;
    }
    return now - this.#heardAt;
  }

  /**
   * Sends the statements of one turn of the event loop with one write: each write is a system call here and a wake-up of the
   * server process, which together are half of a state change's CPU time.
   */
  #gather(): void {
    if (this.#gathered) return;
    this.#gathered = true;
    const stream = streamOf(this.#client);
    stream.cork();
    process.nextTick(() => {
      this.#gathered = false;
      stream.uncork();
    });
  }

  #queryOf({ sql, parameters }: Statement): pg.QueryConfig {
    const query = { text: sql, values: [...parameters] };
    const name = this.#nameOf(sql);
    return name === undefined ? query : { ...query, name };
  }

  async #ask(query: pg.QueryConfig): Promise<Result> {
    this.#unanswered += 1;
    try {
      return await this.#client.query(query);
    } catch (error) {
      const ours = postgresError(error, this.broken);
      if (isConnectionLost(ours)) this.abandon(error);
      throw ours;
    } finally {
      this.#unanswered -= 1;
    }
  }
}

type NameOf = (sql: string) => string | undefined;

/** Names for the statements that stay prepared, the same on each connection. */
function statementNames(): NameOf {
  const names = new Map<string, string>();
  return (sql) => {
    const known = names.get(sql);
    if (known !== undefined || names.size >= namedLimit) return known;
    const name = `s${names.size}`;
    names.set(sql, name);
    return name;
  };
}

/** A client whose responses cannot crash the process: an unreadable response closes its connection. */
class GuardedClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    guard(this.connection.stream);
    // Encryption replaces the stream.
    this.connection.on('sslconnect', () => guard(this.connection.stream));
    boundResults(this.connection);
  }
}

/** Passes errors of the stream's listeners to the stream. Otherwise they would be uncaught. */
function guard(stream: Duplex): void {
  const emit = stream.emit.bind(stream);
  stream.emit = (event: string | symbol, ...parameters: unknown[]): boolean => {
    if (event !== 'data') return emit(event, ...parameters);
    try {
      return emit(event, ...parameters);
    } catch (error) {
      stream.destroy(new UnreadableAnswerError(error));
      return true;
    }
  };
}

/** Closes a connection whose statement returns too much: the rest would have to be read and discarded. */
function boundResults(connection: pg.Connection): void {
  let rows = 0;
  let bytes = 0;
  connection.on('dataRow', ({ length }: { length: number }) => {
    rows += 1;
    bytes += length;
    if (rows > 1 && bytes > MOST_RESULT_BYTES) throw new ResultTooLargeError();
  });
  connection.on('commandComplete', () => {
    rows = 0;
    bytes = 0;
  });
}

function streamOf(client: pg.ClientBase): Duplex {
  if (client instanceof pg.Client) return client.connection.stream;
  throw new TypeError('acquired a connection of another driver');
}
