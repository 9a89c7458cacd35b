import type { RunKind } from '@mintaka/contract';
import type { SelectQueryBuilder } from 'kysely';
import type { ReadSession } from '../../database/database.ts';
import type { Tables } from '../../database/tables.ts';
import type { Proposal } from '../../orchestration/context.ts';
import type { Context } from '../context.ts';
import { setFlowRunStateWithin } from '../state-changes/set-flow-run-state.ts';
import { setTaskRunStateWithin } from '../state-changes/set-task-run-state.ts';

/**
 * Forces a run into a state, in its own transaction.
 * @param claim selects the run with this id if it is still in the state in which it was found. A run that another transaction
 *   has locked is skipped: its state is about to change.
 * @param proposal the state, or a function that creates it from the selected row.
 * @returns whether the state was forced.
 */
export function forceState<Kind extends RunKind, Run extends object>(
  context: Context,
  kind: Kind,
  id: string,
  claim: (session: ReadSession) => SelectQueryBuilder<Tables, Kind, Run>,
  proposal: Proposal | ((run: Run) => Proposal),
): Promise<boolean> {
  return context.database.transaction(async (session) => {
    const run = await session.first(session.dialect.bindings.claim(claim(session), kind));
    if (run === undefined) return false;
    const forced = { proposal: typeof proposal === 'function' ? proposal(run) : proposal, force: true };
    if (kind === 'flow_run') {
      await setFlowRunStateWithin(context, session, { flowRunId: id, ...forced, apiVersion: null });
    } else {
      await setTaskRunStateWithin(context, session, { taskRunId: id, ...forced });
    }
    return true;
  });
}
