import type { Kysely } from 'kysely';
import { type Change, type NewChange, wholeChange } from '../changes.ts';
import type { OnCommit } from '../database.ts';
import { noteChanges } from '../dialects/postgres/changes.ts';
import { postgresDialect } from '../dialects/postgres/index.ts';
import { TemporaryDatabaseError } from '../errors.ts';
import { changeOfQuery } from '../query-changes.ts';
import type { CommitProof, ReadSession, WriteSession } from '../session.ts';
import type { Query, Statement } from '../statements.ts';
import type { Tables } from '../tables.ts';
import type { Connection, Result } from './postgres-connections.ts';
import { isConnectionLost } from './postgres-errors.ts';

/** The dependencies of a transaction in addition to its connection. */
export type TransactionOptions = {
  /** Builds queries. */
  sql: Kysely<Tables>;
  /** Milliseconds since any fixed point. */
  monotonic: () => number;
  /** Receives each commit. */
  onCommit: OnCommit | undefined;
  /** Called after the commit of a transaction that noted changes. */
  onChanges: () => void;
};

/** A transaction whose COMMIT was sent and not answered. */
export class UnknownCommitError<R = unknown> extends Error {
  /** The proofs of its commit, if any. */
  readonly proofs: readonly CommitProof[];
  /** The result for the caller if it committed; reports the commit. */
  readonly finish: () => R;

  constructor(proofs: readonly CommitProof[], finish: () => R, cause: unknown) {
    super('the connection broke during a commit', { cause });
    this.name = 'UnknownCommitError';
    this.proofs = proofs;
    this.finish = finish;
  }
}

const begin: Statement = { sql: 'BEGIN', parameters: [] };
const commit: Statement = { sql: 'COMMIT', parameters: [] };
const rollback: Statement = { sql: 'ROLLBACK', parameters: [] };
const savepoint: Statement = { sql: 'SAVEPOINT attempt', parameters: [] };
const release: Statement = { sql: 'RELEASE SAVEPOINT attempt', parameters: [] };
const rollbackToSavepoint: Statement = { sql: 'ROLLBACK TO SAVEPOINT attempt', parameters: [] };
const ownId: Statement = { sql: 'SELECT txid_current_if_assigned()::text AS id', parameters: [] };
const statusOfId = 'SELECT txid_status($1::bigint) AS status';

/** A session that reads. */
export function readSession(
  sql: Kysely<Tables>,
  send: (statement: Statement) => Promise<Result>,
): ReadSession {
  // The types of the rows are the query's own: Kysely derives them from `tables.ts`, and `postgresTypes` decodes to these.
  return {
    sql,
    dialect: postgresDialect,
    all: async <Row>(query: Query<Row>) => (await send(query.compile())).rows as Row[],
    first: async <Row>(query: Query<Row>) => (await send(query.compile())).rows[0] as Row | undefined,
    ask: async <Row>(statement: Statement) => (await send(statement)).rows as Row[],
  };
}

/**
 * Runs `work` in a transaction on a connection.
 * @throws UnknownCommitError if the connection breaks during the commit
 */
export async function transact<R>(
  connection: Connection,
  work: (session: WriteSession) => Promise<R>,
  { sql, monotonic, onCommit, onChanges }: TransactionOptions,
): Promise<R> {
  const unwaited: Promise<unknown>[] = [];
  const proofs: CommitProof[] = [];
  const changes: Change[] = [];
  const afterCommit: (() => void)[] = [];
  let needsProof = true;
  const send = (statement: Statement) => {
    const sent = connection.send(statement);
    sent.catch(lookAtItLater);
    unwaited.push(sent);
  };
  const changed = (change: NewChange | undefined) => {
    if (change !== undefined) changes.push(wholeChange(change));
  };
  const session: WriteSession = {
    ...readSession(sql, (statement) => connection.send(statement)),
    run: async (query) => {
      const compiled = query.compile();
      const rows = (await connection.send(compiled)).rowCount ?? 0;
      if (rows > 0) changed(changeOfQuery(compiled.query));
      return rows;
    },
    send: (query) => {
      if (!('compile' in query)) return send(query);
      const compiled = query.compile();
      changed(changeOfQuery(compiled.query));
      send(compiled);
    },
    changed,
    attempt: async (work) => {
      const before = [unwaited, proofs, changes, afterCommit].map((list) => [list, list.length] as const);
      const sent = unwaited.length;
      send(savepoint);
      try {
        const result = await work();
        await connection.send(release);
        return result;
      } catch (error) {
        const failure = await firstFailure(unwaited.slice(sent));
        await connection.send(rollbackToSavepoint);
        for (const [list, length] of before) list.length = length;
        throw failure ?? error;
      }
    },
    afterCommit: (callback) => afterCommit.push(callback),
    proveCommit: (proof) => proofs.push(proof),
    mayRunAgain: () => {
      needsProof = false;
    },
  };
  send(begin);
  let result: R;
  try {
    result = await work(session);
    if (changes.length > 0) send(noteChanges(changes));
    if (needsProof && proofs.length === 0) proofs.push(proofById((await connection.send(ownId)).rows[0]?.id));
    if (connection.broken !== undefined) {
      throw new TemporaryDatabaseError('connection lost', connection.broken);
    }
  } catch (error) {
    // Closed if the rollback fails, because its state is unknown.
    await connection.send(rollback).catch((failure) => connection.abandon(failure));
    // Report the failed write first; later errors are its consequences.
    throw (await firstFailure(unwaited)) ?? error;
  }
  const started = monotonic();
  const finish = () => {
    onCommit?.((monotonic() - started) / 1000, 1);
    if (changes.length > 0) onChanges();
    for (const callback of afterCommit) callback();
    return result;
  };
  const committed = await outcomeOf(connection.send(commit));
  // A COMMIT after a failed statement answers ROLLBACK, without an error.
  if ('value' in committed && committed.value.command === 'COMMIT') return finish();
  const failure = await firstFailure(unwaited);
  const lost = 'error' in committed && isConnectionLost(committed.error);
  if (lost && (failure === undefined || isConnectionLost(failure))) {
    throw new UnknownCommitError(proofs, finish, committed.error);
  }
  if (failure !== undefined) throw failure;
  throw 'error' in committed ? committed.error : new Error('the transaction was rolled back by the server');
}

/** By its id in the database; a transaction without an id wrote nothing, and counts as rolled back. */
function proofById(id: unknown): CommitProof {
  if (typeof id !== 'string') return { committed: async () => false };
  return {
    committed: async (later) => {
      const [row] = await later.ask<{ status: string | null }>({ sql: statusOfId, parameters: [id] });
      return row?.status === 'committed';
    },
  };
}

/** Prevents a rejection that is handled later from being reported as unhandled. */
function lookAtItLater(): void {}

async function firstFailure(promises: readonly Promise<unknown>[]): Promise<unknown> {
  for (const outcome of await Promise.allSettled(promises)) {
    if (outcome.status === 'rejected') return outcome.reason;
  }
  return undefined;
}

async function outcomeOf<R>(promise: Promise<R>): Promise<{ value: R } | { error: unknown }> {
  try {
    return { value: await promise };
  } catch (error) {
    return { error };
  }
}
