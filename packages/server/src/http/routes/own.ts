import { type Operations, operations } from '@mintaka/contract';
import type { Context } from '../../domain/context.ts';
import { noteLostClaim } from '../../domain/own/claim-records.ts';
import type { Claims } from '../../domain/own/claims.ts';
import type { RunWaits } from '../../domain/own/run-waits.ts';
import type { PollRecorder } from '../../domain/work-pools/poll-recorder.ts';
import { type Handlers, ok } from '../handler.ts';
import { ownVersion } from '../version.ts';
import { runOperations } from './operation-lists.ts';

/** What the operations of our own work with. */
export type OwnParts = { polls: PollRecorder; claims: Claims; runWaits: RunWaits };

/** Handles the operations that the API of Prefect lacks. */
export function ownHandlers(
  context: Context,
  { polls, claims, runWaits }: OwnParts,
): Handlers<Operations['own']> {
  const capabilities = { version: ownVersion(), operations: Object.keys(operations.own) };
  return {
    capabilities: () => ok(capabilities),
    claim: async ({ params, body, caller }) => {
      const { claim_id, limit, wait, work_queue_names, prefetch_seconds } = body;
      const queues = work_queue_names ?? [];
      const { poolId, claim, requested } = await claims.claim({
        claimId: claim_id,
        place: {
          pool: params.name,
          queues,
          after: body.scheduled_after ?? null,
          before: body.scheduled_before ?? null,
          prefetchSeconds: prefetch_seconds,
        },
        limit,
        wait,
        signal: caller.gone(),
      });
      if (poolId !== null) polls.by(caller.requestId).poolPolled(poolId, queues);
      if (requested === null) return ok(claim);
      context.observer.runsClaimed(claim.flow_runs.length);
      return { status: 200, value: claim, whenLost: () => noteLostClaim(context, claim_id, requested) };
    },
    runOperations: ({ body, caller }) => ok(runOperations(context, body, caller)),
    waitForFlowRun: ({ params, query, caller }) =>
      ok(
        runWaits.wait({
          flowRunId: params.id,
          until: query.until,
          timeout: query.timeout,
          signal: caller.gone(),
        }),
      ),
  };
}
