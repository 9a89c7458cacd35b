import { addSeconds, STATE_NAMES, type Timestamp } from '@mintaka/contract';
import type { ReadSession, WriteSession } from '../../database/database.ts';
import type { FlowRunInTransition } from '../../database/dialects/state-change.ts';

/** The age in seconds after which a row that was not removed (because its run was deleted while it waited) has no effect. */
const forgottenAfter = 86_400;

/** Whether a run waits for its retry in its own process. */
export async function waitsInProcess(session: ReadSession, run: FlowRunInTransition): Promise<boolean> {
  const row = await session.first(
    session.sql
      .selectFrom('mintaka_waiting_retry')
      .select('run_id')
      .where('run_id', '=', run.id)
      .where('due', '=', run.next_scheduled_start_time),
  );
  return row !== undefined;
}

/** Records that a run now waits in its own process for a retry that is due at the given time, or that it no longer does. */
export function noteWaitingRetry(
  session: WriteSession,
  run: FlowRunInTransition,
  due: Timestamp | undefined,
  now: Timestamp,
): void {
  const { sql } = session;
  if (due !== undefined) {
    session.send(
      sql
        .insertInto('mintaka_waiting_retry')
        .values({ run_id: run.id, due })
        .onConflict((on) => on.column('run_id').doUpdateSet({ due })),
    );
    session.send(sql.deleteFrom('mintaka_waiting_retry').where('due', '<', addSeconds(now, -forgottenAfter)));
  } else if (run.state_name === STATE_NAMES.awaitingRetry) {
    session.send(sql.deleteFrom('mintaka_waiting_retry').where('run_id', '=', run.id));
  }
}
