import type { WriteSession } from '../../database/database.ts';
import type { Context } from '../context.ts';
import { beginDeletion, finishDeletion } from '../deletion/deletions.ts';
import type { Target } from '../deletion/targets.ts';

/**
 * Deletes the runs that a deployment's schedule has made and that are still scheduled, within an open transaction as far
 * as that allows.
 * @returns deletes the rest; to be called once the transaction is committed.
 */
export async function dropScheduledRuns(
  context: Context,
  session: WriteSession,
  deploymentId: string,
): Promise<() => Promise<void>> {
  const target: Target = { kind: 'scheduled_runs', id: deploymentId };
  const beginning = await beginDeletion(context, session, target);
  return async () => {
    if (beginning === 'recorded') await finishDeletion(context, target);
  };
}
