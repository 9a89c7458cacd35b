import { STATE_NAMES } from '@mintaka/contract';
import type { ReadSession } from '../../database/database.ts';
import { runIsPlainlyScheduled } from '../../database/dialects/index-conditions.ts';
import type { Context } from '../context.ts';

/** The upper limit of the counts: a request every few seconds must not read a backlog of a million runs each time. */
export const mostCounted = 10_000;

/** Unclaimed flow runs whose scheduled start has passed, each counted up to {@link mostCounted}. */
export type WaitingRuns = {
  /** Not marked late yet. */
  due: number;
  late: number;
};

/** Counts the flow runs that should have started by now. */
export function waitingRuns({ database, clock }: Context): Promise<WaitingRuns> {
  const now = clock.now();
  return database.readLong(async (session) => ({
    due: await countSome(
      session,
      scheduled(session).where('next_scheduled_start_time', '<=', now).where(runIsPlainlyScheduled),
    ),
    late: await countSome(session, scheduled(session).where('state_name', '=', STATE_NAMES.late)),
  }));
}

function scheduled(session: ReadSession) {
  return session.sql.selectFrom('flow_run').select('id').where('state_type', '=', 'SCHEDULED');
}

async function countSome(session: ReadSession, runs: ReturnType<typeof scheduled>): Promise<number> {
  const counted = await session.first(
    session.sql
      .selectFrom(runs.limit(mostCounted).as('some'))
      .select((eb) => eb.fn.countAll<number>().as('count')),
  );
  return counted?.count ?? 0;
}
