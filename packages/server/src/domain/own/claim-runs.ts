import { addSeconds, type Claim, secondsBetween, type Timestamp } from '@mintaka/contract';
import { deploymentFromRow, selectDeployments } from '../../database/codecs/deployment.ts';
import { flowFromRow } from '../../database/codecs/flow.ts';
import { flowRunFromRow } from '../../database/codecs/flow-run.ts';
import type { ReadSession, WriteSession } from '../../database/database.ts';
import type { FlowRunInTransition } from '../../database/dialects/state-change.ts';
import { processesHaveBegunBy } from '../../orchestration/rules/leave-retries-to-their-process.ts';
import type { Context } from '../context.ts';
import { claimFlowRun } from '../state-changes/set-flow-run-state.ts';
import { queueNotFound } from '../work-pools/pool-queues.ts';
import { poolNotFound } from '../work-pools/work-pools.ts';
import { type ClaimedRun, earlierClaims, recordClaims } from './claim-records.ts';

/** The pool and queues of claims, and the bounds of their runs. */
export type ClaimPlace = {
  readonly pool: string;
  /** Names; empty for all queues of the pool. */
  readonly queues: readonly string[];
  readonly after: Timestamp | null;
  /** The latest time at which a run may be due; null for the time of the claim plus `prefetchSeconds`. */
  readonly before: Timestamp | null;
  readonly prefetchSeconds: number;
};

/** A claim of at most `limit` runs. */
export type WantedClaim = {
  readonly claimId: string;
  readonly limit: number;
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal;
};

/** The result of claims that share a transaction. */
export type ClaimRound = {
  readonly poolId: string;
  /** The queues that count, by id. */
  readonly queueIds: ReadonlySet<string>;
  /** The queues whose runs take slots from these claims: all queues of the pool if it has a limit. */
  readonly slotQueueIds: ReadonlySet<string>;
  /** The runs of each claim that got some, by the claim's id. */
  readonly claims: ReadonlyMap<string, Claim>;
  /** Whether runs remain that can be claimed now or soon: another transaction holds them. */
  readonly skipped: boolean;
  /** When the next run can be claimed; null if none is scheduled. */
  readonly nextDue: Timestamp | null;
};

/** Which runs to claim. */
type Demand = { place: ClaimPlace; queueIds: ReadonlySet<string>; limit: number; now: Timestamp };

/**
 * Claims the next runs of a place for several clients in one transaction: in the order and within the limits of the poll, for
 * the first client first. A repeated claim gets the same runs as before.
 * @throws NotFoundError if the pool or one of the queues does not exist
 */
export function claimRuns(
  context: Context,
  place: ClaimPlace,
  wanted: readonly WantedClaim[],
): Promise<ClaimRound> {
  return context.database.transaction(async (session) => {
    const pool = await lockPoolNamed(session, place.pool);
    const { id: poolId } = pool;
    const { queueIds, slotQueueIds } = await findQueues(session, pool, place);
    const now = context.clock.now();
    const earlier = await earlierClaims(
      session,
      wanted.map(({ claimId }) => claimId),
    );
    const fresh = wanted.filter(({ claimId, signal }) => !earlier.has(claimId) && !signal.aborted);
    const limit = fresh.reduce((sum, claim) => sum + claim.limit, 0);
    const { taken, skipped } = await takeRuns(context, session, { place, queueIds, limit, now });
    const recorded = new Map<string, readonly ClaimedRun[]>();
    let given = 0;
    for (const { claimId, limit } of fresh) {
      const share = taken.slice(given, given + limit);
      given += share.length;
      if (share.length === 0) break;
      recorded.set(claimId, share);
    }
    recordClaims(session, recorded, now);
    const claims = await describe(context, session, poolId, new Map([...earlier, ...recorded]));
    const due = await nextDue(session, place, queueIds, now);
    return { poolId, queueIds, slotQueueIds, claims, skipped, nextDue: due };
  });
}

type LockedPool = { readonly id: string; readonly concurrency_limit: number | null };

/** Servers that claim runs of the same pool do so one after the other; otherwise they would count the same free slots. */
async function lockPoolNamed(session: WriteSession, name: string): Promise<LockedPool> {
  const query = session.sql
    .selectFrom('work_pool')
    .select(['id', 'concurrency_limit'])
    .where('name', '=', name);
  const pool = await session.first(session.dialect.bindings.lock(query, 'work_pool'));
  if (pool === undefined) throw poolNotFound(name);
  return pool;
}

async function findQueues(
  session: ReadSession,
  { id, concurrency_limit }: LockedPool,
  { pool, queues }: ClaimPlace,
): Promise<Pick<ClaimRound, 'queueIds' | 'slotQueueIds'>> {
  const query = session.sql.selectFrom('work_queue').select(['id', 'name']).where('work_pool_id', '=', id);
  const needsAll = queues.length === 0 || concurrency_limit !== null;
  const rows = await session.all(
    needsAll ? query : query.where(session.dialect.bindings.isAnyOf('work_queue.name', queues)),
  );
  const idOf = new Map(rows.map((row) => [row.name, row.id]));
  const slotQueueIds = new Set(idOf.values());
  if (queues.length === 0) return { queueIds: slotQueueIds, slotQueueIds };
  const queueIds = queues.map((queue) => {
    const queueId = idOf.get(queue);
    if (queueId === undefined) throw queueNotFound({ pool, queue });
    return queueId;
  });
  return { queueIds: new Set(queueIds), slotQueueIds };
}

async function takeRuns(
  context: Context,
  session: WriteSession,
  { place, queueIds, limit, now }: Demand,
): Promise<{ taken: readonly ClaimedRun[]; skipped: boolean }> {
  if (limit === 0) return { taken: [], skipped: false };
  const next = await session.dialect.questions.dispatch.fromPools(session, {
    pools: null,
    poolNames: [place.pool],
    queues: place.queues.length === 0 ? null : [...queueIds],
    scheduledAfter: place.after,
    scheduledBefore: boundOf(place, now),
    limit,
    limitPerPool: limit,
    limitPerQueue: limit,
    retriesHeldAfter: processesHaveBegunBy(now),
  });
  if (next.length === 0) return { taken: [], skipped: false };
  const ids = next.map(({ id }) => id);
  const free = new Map<string, FlowRunInTransition>();
  for (const run of await session.dialect.questions.stateChange.scheduledFlowRuns(session, ids)) {
    free.set(run.id, run);
  }
  const taken: ClaimedRun[] = [];
  for (const { id, queue_id: queueId } of next) {
    const run = free.get(id);
    if (run !== undefined && (await claimFlowRun(context, session, run))) taken.push({ runId: id, queueId });
  }
  return { taken, skipped: taken.length < next.length };
}

function boundOf({ before, prefetchSeconds }: ClaimPlace, now: Timestamp): Timestamp {
  return before ?? addSeconds(now, prefetchSeconds);
}

/** The earliest time at which a run of the place can be claimed that cannot be claimed now. */
async function nextDue(
  session: ReadSession,
  place: ClaimPlace,
  queueIds: ReadonlySet<string>,
  now: Timestamp,
): Promise<Timestamp | null> {
  if (place.before !== null) return null;
  const begun = processesHaveBegunBy(now);
  const { due, retry } = await session.dialect.questions.dispatch.nextDue(session, {
    queues: [...queueIds],
    after: boundOf(place, now),
    retriesHeldAfter: begun,
  });
  const moments = [
    ...(due === null ? [] : [addSeconds(due, -place.prefetchSeconds)]),
    // A retry is handed out this long after it is due.
    ...(retry === null ? [] : [addSeconds(retry, secondsBetween(begun, now))]),
  ];
  return moments.toSorted()[0] ?? null;
}

/** Reads the runs of claims, with their deployments and flows. */
async function describe(
  { clock }: Context,
  session: ReadSession,
  poolId: string,
  shares: ReadonlyMap<string, readonly ClaimedRun[]>,
): Promise<ReadonlyMap<string, Claim>> {
  const ids = [...shares.values()].flatMap((share) => share.map(({ runId }) => runId));
  if (ids.length === 0) return new Map();
  const { bindings, questions } = session.dialect;
  const now = clock.now();
  const rows = await questions.runsById.flowRuns(session, ids);
  const runs = new Map(rows.map((row) => [row.id, flowRunFromRow(row, now)]));
  const distinct = (values: readonly (string | null)[]) => [...new Set(values.filter((id) => id !== null))];
  const deployments = await session.all(
    selectDeployments(session.sql).where(
      bindings.hasId('deployment.id', distinct(rows.map((row) => row.deployment_id))),
    ),
  );
  const flows = await session.all(
    session.sql
      .selectFrom('flow')
      .selectAll()
      .where(bindings.hasId('flow.id', distinct(rows.map((row) => row.flow_id)))),
  );
  const claims = new Map<string, Claim>();
  for (const [claimId, share] of shares) {
    const flow_runs = share.flatMap(({ runId, queueId }) => {
      const flow_run = runs.get(runId);
      return flow_run === undefined ? [] : [{ work_pool_id: poolId, work_queue_id: queueId, flow_run }];
    });
    const own = flow_runs.map(({ flow_run }) => flow_run);
    claims.set(claimId, {
      claim_id: claimId,
      flow_runs,
      deployments: deployments
        .filter(({ id }) => own.some(({ deployment_id }) => deployment_id === id))
        .map(deploymentFromRow),
      flows: flows.filter(({ id }) => own.some(({ flow_id }) => flow_id === id)).map(flowFromRow),
    });
  }
  return claims;
}
