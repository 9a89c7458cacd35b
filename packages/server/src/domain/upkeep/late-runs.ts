import { addSeconds, STATE_NAMES, type Timestamp } from '@mintaka/contract';
import type { ReadSession } from '../../database/database.ts';
import { runIsPlainlyScheduled } from '../../database/dialects/index-conditions.ts';
import { eb } from '../../database/filters/conditions.ts';
import type { Context } from '../context.ts';
import { changePages, type OnFailure } from './change-each.ts';
import { forceState } from './force-state.ts';

type DueRun = { id: string; next_scheduled_start_time: Timestamp | null };

/**
 * Marks all scheduled runs late that should have started some time ago, and returns their number. A run that has changed in
 * the meantime is left as it is.
 */
export function markLateRuns(context: Context, onFailure: OnFailure): Promise<number> {
  const { afterSeconds, batchSize } = context.settings.services.lateRuns;
  const due = addSeconds(context.clock.now(), -afterSeconds);
  return changePages<DueRun>(
    batchSize,
    (after) =>
      context.database.read((session) => {
        const page = dueRuns(session, due)
          .orderBy('next_scheduled_start_time')
          .orderBy('id')
          .limit(batchSize);
        return session.all(after === undefined ? page : page.where(comesAfter(after)));
      }),
    (run) => markLate(context, run, due),
    onFailure,
  );
}

function markLate(context: Context, { id }: DueRun, due: Timestamp): Promise<boolean> {
  const stillDue = (session: ReadSession) => dueRuns(session, due).where('id', '=', id);
  return forceState(context, 'flow_run', id, stillDue, (run) => ({
    type: 'SCHEDULED',
    name: STATE_NAMES.late,
    state_details: { scheduled_time: run.next_scheduled_start_time },
  }));
}

function dueRuns(session: ReadSession, due: Timestamp) {
  return session.sql
    .selectFrom('flow_run')
    .select(['id', 'next_scheduled_start_time'])
    .where('next_scheduled_start_time', '<=', due)
    .where('state_type', '=', 'SCHEDULED')
    .where(runIsPlainlyScheduled);
}

function comesAfter({ id, next_scheduled_start_time: time }: DueRun) {
  return eb.or([
    eb('flow_run.next_scheduled_start_time', '>', time),
    eb.and([eb('flow_run.next_scheduled_start_time', '=', time), eb('flow_run.id', '>', id)]),
  ]);
}
