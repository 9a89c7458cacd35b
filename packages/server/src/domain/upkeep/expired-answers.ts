import { addSeconds, type Timestamp } from '@mintaka/contract';
import type { WriteSession } from '../../database/database.ts';
import type { DeletableTable } from '../../database/dialects/deletion.ts';
import type { Context } from '../context.ts';
import { lostAnswerSeconds } from '../lost-answers.ts';
import { claimMemory } from '../own/claim-records.ts';
import { listMemory } from '../own/operation-list-records.ts';
import { answerMemory } from '../state-changes/replay.ts';

/** The pause after a page, as a multiple of the time that it took: state changes go first. */
const restPerWork = 3;

/** The ids of one page of expired records, locked. */
type ExpiredPage = (session: WriteSession, now: Timestamp, size: number) => Promise<string[]>;

/** Each kind of record by which a repeated request is recognised. */
const records: readonly { readonly table: DeletableTable; readonly expired: ExpiredPage }[] = [
  { table: 'mintaka_answered_request', expired: expiredAnswers },
  { table: 'mintaka_lost_answer', expired: expiredLostAnswers },
  { table: 'mintaka_claimed_run', expired: expiredClaims },
  { table: 'mintaka_operation_list', expired: expiredLists },
];

/**
 * Deletes the records of requests that no client repeats any more, page by page, with a pause after each, and returns their
 * number. Concurrent servers share the work: each skips the rows that another is deleting.
 */
export async function forgetExpiredAnswers(context: Context): Promise<number> {
  let forgotten = 0;
  for (const { table, expired } of records) forgotten += await forgetAll(context, table, expired);
  return forgotten;
}

async function forgetAll(
  { clock, database, deletions, settings }: Context,
  table: DeletableTable,
  expiredPage: ExpiredPage,
): Promise<number> {
  const { batchSize } = settings.services.answerCleanup;
  const now = clock.now();
  let forgotten = 0;
  while (!deletions.isStopped()) {
    const started = deletions.now();
    const page = await deletions.step(() =>
      database.transaction(async (session) => {
        const ids = await expiredPage(session, now, batchSize);
        // By a statement of its own: Postgres joins a DELETE with its subquery by reading the whole table.
        if (ids.length > 0) session.dialect.questions.deletion.deleteRows(session, table, ids);
        return ids.length;
      }),
    );
    forgotten += page;
    if (page < batchSize) break;
    await deletions.wait(restPerWork * (deletions.now() - started));
  }
  return forgotten;
}

async function expiredAnswers({ sql, dialect, all }: WriteSession, now: Timestamp, size: number) {
  const expired = sql
    .selectFrom('mintaka_answered_request')
    .select('run_id as id')
    .where('answered', '<', addSeconds(now, -answerMemory))
    .orderBy('answered')
    .limit(size);
  return (await all(dialect.bindings.claim(expired, 'mintaka_answered_request'))).map(({ id }) => id);
}

async function expiredLostAnswers({ sql, dialect, all }: WriteSession, now: Timestamp, size: number) {
  const expired = sql
    .selectFrom('mintaka_lost_answer')
    .select('id')
    .where('answered', '<', addSeconds(now, -lostAnswerSeconds))
    .orderBy('answered')
    .limit(size);
  return (await all(dialect.bindings.claim(expired, 'mintaka_lost_answer'))).map(({ id }) => id);
}

/** Without those whose runs are still to be returned. */
async function expiredClaims({ sql, dialect, all }: WriteSession, now: Timestamp, size: number) {
  const expired = sql
    .selectFrom('mintaka_claimed_run')
    .select('run_id as id')
    .where('requested', '<', addSeconds(now, -claimMemory))
    .where('lost', 'is', null)
    .orderBy('requested')
    .limit(size);
  return (await all(dialect.bindings.claim(expired, 'mintaka_claimed_run'))).map(({ id }) => id);
}

async function expiredLists({ sql, dialect, all }: WriteSession, now: Timestamp, size: number) {
  const expired = sql
    .selectFrom('mintaka_operation_list')
    .select('id')
    .where('answered', '<', addSeconds(now, -listMemory))
    .orderBy('answered')
    .limit(size);
  return (await all(dialect.bindings.claim(expired, 'mintaka_operation_list'))).map(({ id }) => id);
}
