import type { ReadSession } from '../../database/database.ts';
import { joinTransaction } from '../../database/join-transaction.ts';
import type { Context } from '../context.ts';
import { RefusedError } from '../errors.ts';

/** How long the answer to a list is stored, in seconds: clients stop retrying long before. */
export const listMemory = 3600;

/** The identity of a list of operations: its id, and a hash of its contents. */
export type ListIdentity = { readonly id: string; readonly fingerprint: string };

/** Runs a part of the transaction, which is undone alone if it fails. */
export type Attempt = <Result>(work: () => Promise<Result>) => Promise<Result>;

/**
 * Runs a list of operations in one transaction and stores its answer there. If the same list is running, waits for it.
 * @param work gets a context whose database is the open transaction, and returns the answer as JSON
 * @returns the answer, or the stored answer of the same list
 * @throws RefusedError if the id was used for another list
 */
export function answerListOnce(
  context: Context,
  { id, fingerprint }: ListIdentity,
  work: (joined: Context, attempt: Attempt) => Promise<string>,
): Promise<string> {
  return context.database.transaction(async (session) => {
    const { sql } = session;
    const record = { id, fingerprint, answer: null, answered: context.clock.now() };
    const added = await session.run(
      sql
        .insertInto('mintaka_operation_list')
        .values(record)
        .onConflict((on) => on.column('id').doNothing()),
    );
    if (added === 0) return answerOf(session, { id, fingerprint });
    session.proveCommit({ committed: (later) => isRecorded(later, id) });
    const joined = { ...context, database: joinTransaction(context.database, session) };
    const answer = await work(joined, session.attempt);
    session.send(sql.updateTable('mintaka_operation_list').set({ answer }).where('id', '=', id));
    return answer;
  });
}

async function answerOf({ sql, first }: ReadSession, { id, fingerprint }: ListIdentity): Promise<string> {
  const list = await first(
    sql.selectFrom('mintaka_operation_list').select(['fingerprint', 'answer']).where('id', '=', id),
  );
  if (list === undefined || list.fingerprint !== fingerprint || list.answer === null) {
    throw new RefusedError(409, `The id ${id} was used for another list of operations.`);
  }
  return list.answer;
}

async function isRecorded({ sql, first }: ReadSession, id: string): Promise<boolean> {
  return (
    (await first(sql.selectFrom('mintaka_operation_list').select('id').where('id', '=', id))) !== undefined
  );
}
