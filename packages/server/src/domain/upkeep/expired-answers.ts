import { addSeconds, type Timestamp } from '@mintaka/contract';
import type { WriteSession } from '../../database/database.ts';
import type { Context } from '../context.ts';
import { answerMemory } from '../state-changes/replay.ts';

/** For how much longer than a page took to wait before the next one: state changes go first. */
const restPerWork = 3;

/**
 * Forgets the answers that no client asks for again, page by page with a rest after each, and gives their number. Servers that
 * do so at once share the work: each passes over what another is deleting.
 */
export async function forgetExpiredAnswers({
  clock,
  database,
  deletions,
  settings,
}: Context): Promise<number> {
  const { batchSize } = settings.services.answerCleanup;
  const before = addSeconds(clock.now(), -answerMemory);
  let forgotten = 0;
  while (!deletions.isStopped()) {
    const started = deletions.now();
    const page = await deletions.step(() =>
      database.transaction((session) => forgetPage(session, before, batchSize)),
    );
    forgotten += page;
    if (page < batchSize) break;
    await deletions.wait(restPerWork * (deletions.now() - started));
  }
  return forgotten;
}

// By two statements: Postgres joins a DELETE with its subquery by reading the whole table.
async function forgetPage(session: WriteSession, before: Timestamp, size: number): Promise<number> {
  const { sql, dialect } = session;
  const expired = sql
    .selectFrom('mintaka_answered_request')
    .select('run_id')
    .where('answered', '<', before)
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
