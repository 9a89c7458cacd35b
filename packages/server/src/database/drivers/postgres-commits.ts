import type { Kysely } from 'kysely';
import type { CommitProof } from '../session.ts';
import type { Tables } from '../tables.ts';
import type { Backend, Connection, PostgresConnections } from './postgres-connections.ts';
import { readSession } from './postgres-transaction.ts';

/** The outcome of a transaction whose COMMIT was not answered. */
export type CommitOutcome = 'committed' | 'rolled back' | 'unknown';

/** The delay between two checks, in milliseconds: the first and the longest. */
const shortestWait = 50;
const longestWait = 1000;

/** Terminates the old backend: it may still commit, or hold locks for a client that has gone. */
const endBackend = `
  SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND backend_start = $2::timestamptz`;

/**
 * Determines whether transactions committed whose connection broke during COMMIT: terminates the old backend, then looks for
 * the proof.
 */
export class PostgresCommits {
  readonly #connections: PostgresConnections;
  readonly #sql: Kysely<Tables>;
  readonly #monotonic: () => number;
  #isClosed = false;

  constructor(
    connections: PostgresConnections,
    { sql, monotonic }: { sql: Kysely<Tables>; monotonic: () => number },
  ) {
    this.#connections = connections;
    this.#sql = sql;
    this.#monotonic = monotonic;
  }

  /** Determines the outcome of a commit until a deadline. */
  async resolve(backend: Backend, proofs: readonly CommitProof[], deadline: number): Promise<CommitOutcome> {
    if (proofs.length === 0) return 'unknown';
    for (let wait = shortestWait; !this.#isClosed; wait = Math.min(2 * wait, longestWait)) {
      const left = deadline - this.#monotonic();
      if (left <= 0) break;
      const look = this.#look(backend, proofs).catch(() => undefined);
      const outcome = await within(left, look);
      if (outcome !== undefined) return outcome;
      await new Promise((again) => setTimeout(again, Math.min(wait, left)));
    }
    return 'unknown';
  }

  /** Terminates a backend whose connection is lost, so that it releases its locks; returns whether it has exited. */
  async end(backend: Backend): Promise<boolean> {
    return this.#connections.lend((connection) => isGone(connection, backend));
  }

  /** Stops all checks: outcomes that are not known yet are unknown. */
  close(): void {
    this.#isClosed = true;
  }

  async #look(backend: Backend, proofs: readonly CommitProof[]): Promise<CommitOutcome | undefined> {
    return this.#connections.lend(async (connection) => {
      if (!(await isGone(connection, backend))) return undefined;
      const session = readSession(this.#sql, (statement) => connection.send(statement));
      for (const proof of proofs) if (await proof.committed(session)) return 'committed';
      return 'rolled back';
    });
  }
}

async function isGone(connection: Connection, { pid, started }: Backend): Promise<boolean> {
  const { rows } = await connection.send({ sql: endBackend, parameters: [pid, started] });
  return rows.length === 0;
}

/** The result of a promise, or undefined if it takes too long. */
async function within<R>(milliseconds: number, promise: Promise<R>): Promise<R | undefined> {
  let timeout: NodeJS.Timeout | undefined;
  const tooLate = new Promise<undefined>((resolve) => {
    timeout = setTimeout(() => resolve(undefined), milliseconds);
  });
  try {
    return await Promise.race([promise, tooLate]);
  } finally {
    clearTimeout(timeout);
  }
}
