import type { Timestamp } from '@mintaka/contract';
import { stateDetailsFromJson } from '../../database/codecs/state-details.ts';
import type { ReadSession } from '../../database/database.ts';
import type { PausedRun } from '../../database/dialects/paused-runs.ts';
import type { Proposal } from '../../orchestration/context.ts';
import type { Context } from '../context.ts';
import { changePages, type OnFailure } from './change-each.ts';
import { forceState } from './force-state.ts';

const failed: Proposal = { type: 'FAILED', message: 'The flow was paused and never resumed.' };

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
      context.database.read((session) =>
        session.dialect.questions.expiredPauses(session, { now, after: after?.id ?? null, limit: batchSize }),
      ),
    async (run) => hasExpired(run, now) && (await fail(context, run)),
    onFailure,
  );
}

function hasExpired({ state_details }: PausedRun, now: Timestamp): boolean {
  const { pause_timeout } = stateDetailsFromJson(state_details);
  return pause_timeout !== null && pause_timeout < now;
}

function fail(context: Context, { id, state_id }: PausedRun): Promise<boolean> {
  const inSameState = ({ sql }: ReadSession) =>
    sql.selectFrom('flow_run').select('id').where('id', '=', id).where('state_id', '=', state_id);
  return forceState(context, 'flow_run', id, inSameState, failed);
}
