import type { JsonText, Timestamp } from '@mintaka/contract';
import { stateDetailsFromJson } from '../../database/codecs/state-details.ts';
import type { ReadSession } from '../../database/database.ts';
import type { Context } from '../context.ts';
import { setFlowRunStateWithin } from '../state-changes/set-flow-run-state.ts';
import { changePages, type OnFailure } from './change-each.ts';

type PausedRun = { id: string; state_id: string | null; state_details: JsonText };

/**
 * Fails all paused runs whose timeout has passed, and returns their number. A run that has changed in the meantime is left as
 * it is, and so is one without a timeout.
 */
export function failExpiredPauses(context: Context, onFailure: OnFailure): Promise<number> {
  const { batchSize } = context.settings.services.pauseExpirations;
  const now = context.clock.now();
  return changePages<PausedRun>(
    batchSize,
    (after) =>
      context.database.read((session) => {
        const page = pausedRuns(session).orderBy('flow_run.id').limit(batchSize);
        return session.all(after === undefined ? page : page.where('flow_run.id', '>', after.id));
      }),
    async (run) => hasExpired(run, now) && (await fail(context, run)),
    onFailure,
  );
}

function pausedRuns(session: ReadSession) {
  return session.sql
    .selectFrom('flow_run')
    .innerJoin('flow_run_state', 'flow_run_state.id', 'flow_run.state_id')
    .select(['flow_run.id', 'flow_run.state_id', 'flow_run_state.state_details'])
    .where('flow_run.state_type', '=', 'PAUSED');
}

function hasExpired({ state_details }: PausedRun, now: Timestamp): boolean {
  const { pause_timeout } = stateDetailsFromJson(state_details);
  return pause_timeout !== null && pause_timeout < now;
}

function fail(context: Context, { id, state_id }: PausedRun): Promise<boolean> {
  return context.database.transaction(async (session) => {
    const sameState = session.sql
      .selectFrom('flow_run')
      .select('id')
      .where('id', '=', id)
      .where('state_id', '=', state_id);
    if ((await session.first(session.dialect.bindings.claim(sameState, 'flow_run'))) === undefined)
      return false;
    await setFlowRunStateWithin(context, session, {
      flowRunId: id,
      proposal: { type: 'FAILED', message: 'The flow was paused and never resumed.' },
      force: true,
      apiVersion: null,
    });
    return true;
  });
}
