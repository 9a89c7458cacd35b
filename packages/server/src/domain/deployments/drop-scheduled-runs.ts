import type { WriteSession } from '../../database/database.ts';
import type { Context } from '../context.ts';
import { beginDeletion, finishDeletion } from '../deletion/deletions.ts';
import type { Target } from '../deletion/targets.ts';

/**
 * Deletes the runs that a deployment's schedule created and that are still scheduled, within an open transaction as far as
 * its budget allows.
 * @returns a function that deletes the rest; call it after the commit.
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
