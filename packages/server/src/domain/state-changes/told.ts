import { type RunKind, secondsBetween } from '@mintaka/contract';
import type { WriteSession } from '../../database/database.ts';
import type { Proposal, RunColumns, TransitionResult } from '../../orchestration/context.ts';
import type { Context } from '../context.ts';

/** Tells what became of a proposal, once that is durable. */
export function tellAnswer(
  { observer }: Context,
  session: WriteSession,
  kind: RunKind,
  proposal: Proposal,
  { status, patch, run }: TransitionResult<RunColumns>,
): void {
  session.afterCommit(() => {
    observer.stateAnswered(kind, proposal.type, status);
    const { start_time: started } = patch;
    if (started === undefined || started === null) return;
    const expected = run.expected_start_time ?? started;
    observer.runStarted(kind, Math.max(0, secondsBetween(expected, started)));
  });
}
