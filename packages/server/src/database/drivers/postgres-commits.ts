import type { Kysely } from 'kysely';
import { TemporaryDatabaseError } from '../errors.ts';
import type { CommitProof, WriteSession } from '../session.ts';
import type { Tables } from '../tables.ts';
import type { Backend, Connection, PostgresConnections } from './postgres-connections.ts';
import { readSession, UnknownCommitError } from './postgres-transaction.ts';

/** What became of a transaction whose COMMIT was never answered. */
export type CommitOutcome = 'committed' | 'rolled back' | 'unknown';

/** A commit whose outcome is unknown: the server's process that may still be at it, and the proofs. */
type OpenCommit = { backend: Backend; proofs: readonly CommitProof[]; since: number };

/** How long to wait between two looks, in milliseconds: first and at most. */
const shortestWait = 50;
const longestWait = 1000;
/** How long new transactions wait for open commits of those who were told that the database is away, in milliseconds. */
const gatePatience = 2000;
/** How long not to wait for them again if that was not enough, in milliseconds. */
const gatePause = 20_000;
/** How long open commits are kept, in milliseconds: clients stop repeating their requests long before. */
const memory = 600_000;

/** Ends the old process: it may still be about to commit, or keep locks for a client that is gone. */
const endBackend = `
  SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND backend_start = $2::timestamptz`;

/** Runs `work` in a transaction, without any retry. */
type Transact = (work: (session: WriteSession) => Promise<void>) => Promise<void>;

/**
 * Finds out what became of transactions whose connection broke during COMMIT: the old process must be gone, then the proof
 * is there or not. A commit that cannot be settled before its caller must be answered stays open; new transactions wait
 * until it is settled, so that the caller's next try finds its answer remembered.
 */
export class PostgresCommits {
  readonly #connections: PostgresConnections;
  readonly #sql: Kysely<Tables>;
  readonly #monotonic: () => number;
  readonly #transact: Transact;
  #open: readonly OpenCommit[] = [];
  #settling: Promise<void> | undefined;
  #nextLook = 0;

  constructor(
    connections: PostgresConnections,
    { sql, monotonic, transact }: { sql: Kysely<Tables>; monotonic: () => number; transact: Transact },
  ) {
    this.#connections = connections;
    this.#sql = sql;
    this.#monotonic = monotonic;
    this.#transact = transact;
  }

  /** Waits for commits whose callers were told that the database is away. */
  async settle(): Promise<void> {
    if (this.#open.length === 0 || this.#monotonic() < this.#nextLook) return;
    this.#settling ??= this.#settleAll().finally(() => {
      this.#settling = undefined;
    });
    await this.#settling;
  }

  /** Finds out until a deadline what became of a commit. */
  async resolve(backend: Backend, proofs: readonly CommitProof[], deadline: number): Promise<CommitOutcome> {
    const commit = { backend, proofs, since: this.#monotonic() };
    const outcome = proofs.length === 0 ? undefined : await this.#lookUntil(commit, deadline);
    if (outcome !== undefined) return outcome;
    if (proofs.some((proof) => proof.answerLost !== undefined)) this.#open = [...this.#open, commit];
    return 'unknown';
  }

  /** Ends a process of the server whose connection is lost, so that it lets go of its locks; whether it is gone. */
  async end(backend: Backend): Promise<boolean> {
    return this.#connections.lend((connection) => isGone(connection, backend));
  }

  async #settleAll(): Promise<void> {
    for (const commit of this.#open) {
      const outcome = await this.#lookUntil(commit, this.#monotonic() + gatePatience, true);
      if (outcome === undefined && this.#monotonic() - commit.since < memory) {
        // The old process does not end. Its rows are locked, but whatever does not touch them may go on.
        this.#nextLook = this.#monotonic() + gatePause;
        return;
      }
      if (outcome === 'committed') await this.#rememberLost(commit);
      this.#open = this.#open.filter((other) => other !== commit);
    }
  }

  async #rememberLost({ proofs }: OpenCommit): Promise<void> {
    try {
      await this.#transact(async (session) => {
        for (const proof of proofs) proof.answerLost?.(session);
      });
    } catch (error) {
      // Anything else would fail each time, and keep all others waiting.
      if (error instanceof TemporaryDatabaseError || error instanceof UnknownCommitError) throw error;
    }
  }

  /** @param strict whether a failing database is an error, instead of a reason to look again. */
  async #lookUntil(commit: OpenCommit, deadline: number, strict = false): Promise<CommitOutcome | undefined> {
    for (let wait = shortestWait; ; wait = Math.min(2 * wait, longestWait)) {
      const left = deadline - this.#monotonic();
      if (left <= 0) return undefined;
      const look = this.#look(commit).catch((error: unknown) => {
        if (strict) throw error;
        return undefined;
      });
      const outcome = await within(left, look);
      if (outcome !== undefined) return outcome;
      await new Promise((again) => setTimeout(again, Math.min(wait, left)));
    }
  }

  async #look({ backend, proofs }: OpenCommit): Promise<CommitOutcome | undefined> {
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

/** What a promise gives, or undefined if that takes too long. */
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
