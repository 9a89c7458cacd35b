import { describe, isAccepted } from './api.ts';
import { type Answer, HttpConnection } from './connection.ts';

/** The kinds of requests of the soak; their times are evaluated separately. */
export const soakKinds = ['state change', 'create', 'logs', 'poll', 'list', 'count', 'history'] as const;
/** One of them. */
export type SoakKind = (typeof soakKinds)[number];

/** What happened since the last call. */
export type SoakTally = {
  /** The time of each request in milliseconds, by its kind. */
  times: Record<SoakKind, number[]>;
  /** Requests that failed, in words. */
  errors: string[];
};

/** Sends requests over a few connections and times each, the wait for a free connection included. */
export class SoakCalls {
  readonly #free: HttpConnection[];
  readonly #all: readonly HttpConnection[];
  readonly #waiting: ((connection: HttpConnection) => void)[] = [];
  #tally = emptyTally();

  constructor(port: number, connections: number) {
    this.#all = Array.from({ length: connections }, () => new HttpConnection(port));
    this.#free = [...this.#all];
  }

  /** Sends a request and returns the parsed answer; undefined if it failed, which counts as an error. */
  async ask<Value>(kind: SoakKind, path: string, body: string): Promise<Value | undefined> {
    const answer = await this.#send(kind, path, body);
    if (answer === undefined) return undefined;
    return answer.body.length === 0 ? undefined : JSON.parse(answer.body.toString('utf8'));
  }

  /** Proposes a state and returns whether it was written; a refusal is an error. */
  async propose(path: string, body: string): Promise<boolean> {
    const answer = await this.#send('state change', path, body);
    if (answer === undefined) return false;
    const accepted = isAccepted(answer);
    if (!accepted) this.#tally.errors.push(`${path}: ${describe(answer)}`);
    return accepted;
  }

  /** Returns what happened since the last call. */
  take(): SoakTally {
    const taken = this.#tally;
    this.#tally = emptyTally();
    return taken;
  }

  close(): void {
    for (const connection of this.#all) connection.close();
  }

  async #send(kind: SoakKind, path: string, body: string): Promise<Answer | undefined> {
    const before = performance.now();
    const connection = await this.#connection();
    try {
      const answer = await connection.request('POST', path, body);
      this.#tally.times[kind].push(performance.now() - before);
      if (answer.status < 300) return answer;
      this.#tally.errors.push(`${path}: ${describe(answer)}`);
    } catch (error) {
      this.#tally.errors.push(`${path}: ${error}`);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free.push(connection);
      else next(connection);
    }
    return undefined;
  }

  #connection(): Promise<HttpConnection> {
    // The connection that has been idle longest, because a server closes connections that are idle for seconds.
    const free = this.#free.shift();
    if (free !== undefined) return Promise.resolve(free);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

function emptyTally(): SoakTally {
  const times = { 'state change': [], create: [], logs: [], poll: [], list: [], count: [], history: [] };
  return { times, errors: [] };
}
