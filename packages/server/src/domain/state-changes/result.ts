import type { OrchestrationResult } from '@mintaka/contract';
import type { RunInTransition } from '../../database/dialects/state-change.ts';
import type { RunColumns, TransitionResult } from '../../orchestration/context.ts';
import { keptState } from './write-state.ts';

/** What became of a proposal, as the API answers it, and whether this request wrote a state; that is not part of the body. */
export type StateChangeResult = OrchestrationResult & { wrote: boolean };

/** A transition's result as the API answers it. */
export function resultOf(run: RunInTransition, result: TransitionResult<RunColumns>): StateChangeResult {
  return {
    state: result.state ?? keptState(run),
    status: result.status,
    details: result.details,
    wrote: result.state !== undefined,
  };
}
