import { addSeconds, type Timestamp } from '@mintaka/contract';
import type { WriteSession } from '../../database/database.ts';
import type { Context } from '../context.ts';
import { lostAnswerSeconds } from '../lost-answers.ts';
import { answerMemory } from '../state-changes/replay.ts';

/** The pause after a page, as a multiple of the time that it took: state changes go first. */
const restPerWork = 3;

/** Deletes one page of expired answers and returns their number. */
type ForgetPage = (session: WriteSession, now: Timestamp, size: number) => Promise<number>;

/**
 * Deletes expired answers page by page, with a pause after each, and returns their number. Concurrent servers share the work:
 * each skips the rows that another is deleting.
 */
export async function forgetExpiredAnswers(context: Context): Promise<number> {
  return (await forgetAll(context, forgetAnswered)) + (await forgetAll(context, forgetLost));
}

async function forgetAll(
  { clock, database, deletions, settings }: Context,
  forgetPage: ForgetPage,
): Promise<number> {
  const { batchSize } = settings.services.answerCleanup;
  const now = clock.now();
  let forgotten = 0;
  while (!deletions.isStopped()) {
    const started = deletions.now();
    const page = await deletions.step(() =>
      database.transaction((session) => forgetPage(session, now, batchSize)),
    );
    forgotten += page;
    if (page < batchSize) break;
    await deletions.wait(restPerWork * (deletions.now() - started));
  }
  return forgotten;
}

// By two statements: Postgres joins a DELETE with its subquery by reading the whole table.
async function forgetAnswered(session: WriteSession, now: Timestamp, size: number): Promise<number> {
  const { sql, dialect } = session;
  const expired = sql
    .selectFrom('mintaka_answered_request')
    .select('run_id')
    .where('answered', '<', addSeconds(now, -answerMemory))
    .orderBy('answered')
    .limit(size);
  const rows = await session.all(dialect.bindings.claim(expired, 'mintaka_answered_request'));
  if (rows.length === 0) return 0;
  const ids = rows.map(({ run_id }) => run_id);
  return session.run(
    sql
      .deleteFrom('mintaka_answered_request')
      .where(dialect.bindings.hasId('mintaka_answered_request.run_id', ids)),
  );
}

async function forgetLost(session: WriteSession, now: Timestamp, size: number): Promise<number> {
  const { sql, dialect } = session;
  const expired = sql
    .selectFrom('mintaka_lost_answer')
    .select('id')
    .where('answered', '<', addSeconds(now, -lostAnswerSeconds))
    .orderBy('answered')
    .limit(size);
  const rows = await session.all(dialect.bindings.claim(expired, 'mintaka_lost_answer'));
  if (rows.length === 0) return 0;
  const ids = rows.map(({ id }) => id);
  return session.run(
    sql.deleteFrom('mintaka_lost_answer').where(dialect.bindings.hasId('mintaka_lost_answer.id', ids)),
  );
}
