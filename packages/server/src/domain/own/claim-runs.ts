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
import { type ClaimedRun, earlierClaims, type RecordedClaim, recordClaims } from './claim-records.ts';

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
  /** Whether an earlier transaction has looked for the runs of the same claim. */
  readonly isTried: boolean;
};

/** A claim that got runs, and when it was requested. */
export type GrantedClaim = { readonly claim: Claim; readonly requested: Timestamp };

/** The result of claims that share a transaction. */
export type ClaimRound = {
  readonly poolId: string;
  /** The queues whose runs take slots from these claims: all queues of the pool if it has a limit. */
  readonly slotQueueIds: ReadonlySet<string>;
  /** The claims that got runs, by id. */
  readonly claims: ReadonlyMap<string, GrantedClaim>;
  /** Whether the transaction was too small for all claims, and there may be more runs. */
  readonly hasMore: boolean;
  /** Whether runs remain that can be claimed now or soon: another transaction holds them. */
  readonly skipped: boolean;
  /** When the next run can be claimed; null if none is scheduled. */
  readonly nextDue: Timestamp | null;
};

/** The maximum number of runs that one transaction claims. */
const mostRuns = 200;

/** Which runs to claim. */
type Demand = { place: ClaimPlace; queueIds: ReadonlySet<string>; limit: number; now: Timestamp };
type Taken = { readonly runs: readonly ClaimedRun[]; readonly skipped: boolean };

/** Undoes a transaction that has claimed runs for a client that disconnected meanwhile. */
class ClientLeftError extends Error {}

/**
 * Claims the next runs of a place for several clients in one transaction: in the order and within the limits of the poll, for
 * the first client first. A repeated claim gets the same runs as before.
 * @throws NotFoundError if the pool or one of the queues does not exist
 */
export async function claimRuns(
  context: Context,
  place: ClaimPlace,
  wanted: readonly WantedClaim[],
): Promise<ClaimRound> {
  while (true) {
    try {
      return await context.database.transaction((session) => claimWithin(context, session, place, wanted));
    } catch (error) {
      if (!(error instanceof ClientLeftError)) throw error;
    }
  }
}

async function claimWithin(
  context: Context,
  session: WriteSession,
  place: ClaimPlace,
  wanted: readonly WantedClaim[],
): Promise<ClaimRound> {
  const pool = await lockPoolNamed(session, place.pool);
  const { queueIds, slotQueueIds } = await findQueues(session, pool, place);
  const now = context.clock.now();
  const first = new Set(firstClaims(wanted));
  const ids = wanted.filter((claim) => first.has(claim) || !claim.isTried).map(({ claimId }) => claimId);
  const earlier = await earlierClaims(session, ids, now);
  const others = wanted.filter(({ claimId }) => !earlier.has(claimId));
  const served = firstClaims(others);
  const limit = served.reduce((sum, claim) => sum + claim.limit, 0);
  const { runs, skipped } = await takeRuns(context, session, { place, queueIds, limit, now });
  const fresh = divide(runs, served, now);
  recordClaims(session, fresh);
  const claims = await describe(context, session, new Map([...earlier, ...fresh]));
  const due = await nextDue(session, place, queueIds, now);
  if (served.some(({ claimId, signal }) => signal.aborted && fresh.has(claimId))) throw new ClientLeftError();
  const hasMore = fresh.size === served.length && served.length < others.length;
  return { poolId: pool.id, slotQueueIds, claims, hasMore, skipped, nextDue: due };
}

/** The first claims whose clients are connected, as many as one transaction serves; of repetitions of a claim one. */
function firstClaims(wanted: readonly WantedClaim[]): WantedClaim[] {
  const connected = new Map<string, WantedClaim>();
  for (const claim of wanted) if (!claim.signal.aborted) connected.set(claim.claimId, claim);
  let runs = 0;
  const first: WantedClaim[] = [];
  for (const claim of connected.values()) {
    runs += claim.limit;
    if (runs > mostRuns && first.length > 0) break;
    first.push(claim);
  }
  return first;
}

/** Divides runs among claims; the last ones may get none. */
function divide(
  runs: readonly ClaimedRun[],
  claims: readonly WantedClaim[],
  requested: Timestamp,
): ReadonlyMap<string, RecordedClaim> {
  const divided = new Map<string, RecordedClaim>();
  let given = 0;
  for (const { claimId, limit } of claims) {
    const share = runs.slice(given, given + limit);
    given += share.length;
    if (share.length > 0) divided.set(claimId, { requested, runs: share });
  }
  return divided;
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
): Promise<{ queueIds: ReadonlySet<string>; slotQueueIds: ReadonlySet<string> }> {
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
): Promise<Taken> {
  if (limit === 0) return { runs: [], skipped: false };
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
  if (next.length === 0) return { runs: [], skipped: false };
  const ids = next.map(({ id }) => id);
  const free = new Map<string, FlowRunInTransition>();
  for (const run of await session.dialect.questions.stateChange.scheduledFlowRuns(session, ids)) {
    free.set(run.id, run);
  }
  const runs: ClaimedRun[] = [];
  for (const { id: runId, pool_id: poolId, queue_id: queueId } of next) {
    const run = free.get(runId);
    const stateId = run === undefined ? undefined : await claimFlowRun(context, session, run);
    if (stateId !== undefined) runs.push({ runId, stateId, poolId, queueId });
  }
  return { runs, skipped: runs.length < next.length };
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
  recorded: ReadonlyMap<string, RecordedClaim>,
): Promise<ReadonlyMap<string, GrantedClaim>> {
  const ids = [...recorded.values()].flatMap(({ runs }) => runs.map(({ runId }) => runId));
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
  const claims = new Map<string, GrantedClaim>();
  for (const [claim_id, { requested, runs: claimed }] of recorded) {
    const flow_runs = claimed.flatMap(({ runId, poolId, queueId }) => {
      const flow_run = runs.get(runId);
      return flow_run === undefined ? [] : [{ work_pool_id: poolId, work_queue_id: queueId, flow_run }];
    });
    const deploymentIds = new Set(flow_runs.map(({ flow_run }) => flow_run.deployment_id));
    const flowIds = new Set(flow_runs.map(({ flow_run }) => flow_run.flow_id));
    const claim = {
      claim_id,
      flow_runs,
      deployments: deployments.filter(({ id }) => deploymentIds.has(id)).map(deploymentFromRow),
      flows: flows.filter(({ id }) => flowIds.has(id)).map(flowFromRow),
    };
    claims.set(claim_id, { claim, requested });
  }
  return claims;
}
