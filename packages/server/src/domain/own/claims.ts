import { type Claim, secondsBetween } from '@mintaka/contract';
import type { Change } from '../../database/changes.ts';
import type { Context } from '../context.ts';
import { giveBackClaims } from './claim-records.ts';
import { type ClaimPlace, type ClaimRound, claimRuns } from './claim-runs.ts';

/** A claim by a client. */
export type ClaimRequest = {
  readonly claimId: string;
  readonly place: ClaimPlace;
  readonly limit: number;
  /** How long to wait for a run, in seconds. */
  readonly wait: number;
  /** Aborts when the client disconnects; a waiting claim then takes nothing. */
  readonly signal: AbortSignal;
};

/** The runs of a claim, and the id of its pool; null if the pool was not read. */
export type ClaimAnswer = { readonly poolId: string | null; readonly claim: Claim };

/** Answers claims; concurrent claims of many workers share a transaction. */
export type Claims = {
  /**
   * Claims runs, or waits for some to become due.
   * @throws NotFoundError if the pool or one of the queues does not exist
   */
  claim(request: ClaimRequest): Promise<ClaimAnswer>;
  /** Answers all waiting claims, and lets no further one wait. */
  stop(): void;
};

/** The maximum number of runs that one transaction claims. */
const mostRunsOfRound = 200;
/** The delay before runs that another transaction held are tried again, in milliseconds. */
const heldMilliseconds = 50;
/** The longest delay of the timer, in milliseconds. */
const longestTimer = 60_000;

type Waiter = ClaimRequest & {
  /** Until when it waits, in milliseconds of the monotonic clock. */
  readonly deadline: number;
  /** Whether a transaction has tried to claim runs for it. */
  isTried: boolean;
  answer(answer: ClaimAnswer): void;
  fail(error: unknown): void;
};

/** @param monotonic milliseconds since any fixed moment */
export function createClaims(context: Context, monotonic: () => number): Claims {
  const groups = new Map<string, Group>();
  let stopped = false;
  let leaveFeed: (() => void) | undefined;

  const wake = (isConcerned: (group: Group) => boolean) => {
    for (const group of groups.values()) if (isConcerned(group)) group.wake();
  };
  const listen = () => {
    leaveFeed ??= context.database.changes.listen({
      changed: (changes) => wake((group) => changes.some((change) => group.mayConcern(change))),
      resync: () => wake(() => true),
    });
  };
  const drop = (key: string) => {
    groups.delete(key);
    if (groups.size > 0) return;
    leaveFeed?.();
    leaveFeed = undefined;
  };

  return {
    claim: (request) => {
      // Before the first attempt, so that nothing is missed between it and the wait.
      listen();
      const key = JSON.stringify(request.place);
      const group = groups.get(key) ?? createGroup(context, request.place, monotonic, () => drop(key));
      groups.set(key, group);
      return group.add(stopped ? { ...request, wait: 0 } : request);
    },
    stop: () => {
      stopped = true;
      for (const group of groups.values()) group.stopWaiting();
    },
  };
}

/** The claims of one place. */
type Group = {
  add(request: ClaimRequest): Promise<ClaimAnswer>;
  /** Tries again. */
  wake(): void;
  /** Whether a change may let one of the claims get a run. */
  mayConcern(change: Change): boolean;
  stopWaiting(): void;
};

function createGroup(
  context: Context,
  place: ClaimPlace,
  monotonic: () => number,
  onEmpty: () => void,
): Group {
  let waiters: Waiter[] = [];
  let last: ClaimRound | undefined;
  /** Those whose claim is currently in a transaction. */
  let served: readonly Waiter[] = [];
  let isLooking = false;
  let lookAgain = false;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  const remove = (gone: ReadonlySet<Waiter>) => {
    waiters = waiters.filter((waiter) => !gone.has(waiter));
  };

  /** The first claims, as many as one transaction serves. */
  const firstOf = (those: readonly Waiter[]): Waiter[] => {
    let runs = 0;
    return those.filter(({ limit }) => {
      runs += limit;
      return runs - limit === 0 || runs <= mostRunsOfRound;
    });
  };

  /** Whether its client has disconnected and has not repeated the claim. */
  const isLeft = ({ signal, claimId }: Waiter): boolean =>
    signal.aborted && !waiters.some((other) => other.claimId === claimId && !other.signal.aborted);
  /** Whether its client has disconnected and has already repeated the claim. */
  const isRepeated = (waiter: Waiter): boolean => waiter.signal.aborted && !isLeft(waiter);

  /** One transaction. Answers the claims that got runs, and those whose wait has ended. */
  async function round(those: readonly Waiter[]): Promise<void> {
    served = firstOf(those);
    for (const waiter of served) waiter.isTried = true;
    // Of repetitions of one claim, one whose client is still connected counts.
    const liveLast = served.toSorted((a, b) => Number(b.signal.aborted) - Number(a.signal.aborted));
    const wanted = new Map(liveLast.map((waiter) => [waiter.claimId, waiter]));
    try {
      const result = await claimRuns(context, place, [...wanted.values()]);
      last = result;
      const left = new Set(
        served.filter((waiter) => result.claims.has(waiter.claimId) && isLeft(waiter)).map((w) => w.claimId),
      );
      if (left.size > 0) await giveBackClaims(context, [...left]);
      const now = monotonic();
      const gone = new Set<Waiter>();
      for (const waiter of served) {
        const isGone = left.has(waiter.claimId) || isRepeated(waiter);
        const claim = isGone ? undefined : result.claims.get(waiter.claimId);
        const waits = now < waiter.deadline && !waiter.signal.aborted && !isStopped;
        if (claim === undefined && waits) continue;
        gone.add(waiter);
        waiter.answer({ poolId: result.poolId, claim: claim ?? emptyClaim(waiter.claimId) });
      }
      remove(gone);
      if (waiters.length > 0 && served.every((waiter) => gone.has(waiter))) lookAgain = true;
    } catch (error) {
      for (const waiter of served) waiter.fail(error);
      remove(new Set(served));
      lookAgain = true;
    } finally {
      served = [];
    }
  }

  async function look(): Promise<void> {
    clearTimeout(timer);
    isLooking = true;
    do {
      lookAgain = false;
      await round(waiters);
      // A claim that found no room in the transaction may be repeated, and have runs already.
      const untried = waiters.filter(({ isTried }) => !isTried);
      const skipped = last?.skipped ?? false;
      if (untried.length > 0) await round(untried);
      if (last !== undefined && skipped) last = { ...last, skipped };
      if (waiters.some(({ isTried }) => !isTried)) lookAgain = true;
    } while (lookAgain && waiters.length > 0);
    isLooking = false;
    if (waiters.length === 0) onEmpty();
    else setTimer();
  }

  /** Tries again when the next run is due, or answers the next claim whose wait ends. */
  function setTimer(): void {
    clearTimeout(timer);
    const now = monotonic();
    const untilDeadline = Math.min(...waiters.map(({ deadline }) => deadline)) - now;
    const untilRun = untilNextRun();
    const isForRun = untilRun <= untilDeadline;
    const delay = Math.max(1, Math.min(isForRun ? untilRun : untilDeadline, longestTimer));
    timer = setTimeout(() => (isForRun ? wake() : expire()), delay);
  }

  function untilNextRun(): number {
    if (last === undefined) return Infinity;
    if (last.skipped) return heldMilliseconds;
    if (last.nextDue === null) return Infinity;
    return secondsBetween(context.clock.now(), last.nextDue) * 1000;
  }

  function expire(): void {
    if (isLooking) return;
    const now = monotonic();
    const late = new Set(waiters.filter(({ deadline }) => deadline <= now || isStopped));
    for (const waiter of late) {
      waiter.answer({ poolId: last?.poolId ?? null, claim: emptyClaim(waiter.claimId) });
    }
    remove(late);
    if (waiters.length === 0) {
      clearTimeout(timer);
      onEmpty();
    } else setTimer();
  }

  function wake(): void {
    if (isLooking) lookAgain = true;
    else if (waiters.length > 0) void look();
  }

  return {
    add: (request) =>
      new Promise((resolve, reject) => {
        if (request.signal.aborted) {
          resolve({ poolId: null, claim: emptyClaim(request.claimId) });
          if (waiters.length === 0 && !isLooking) onEmpty();
          return;
        }
        const leave = () => {
          // Its runs may already be Pending: the end of the transaction answers it.
          if (served.includes(waiter)) return;
          remove(new Set([waiter]));
          resolve({ poolId: last?.poolId ?? null, claim: emptyClaim(request.claimId) });
          if (waiters.length === 0 && !isLooking) {
            clearTimeout(timer);
            onEmpty();
          }
        };
        const settle = () => request.signal.removeEventListener('abort', leave);
        const waiter: Waiter = {
          ...request,
          deadline: monotonic() + request.wait * 1000,
          isTried: false,
          answer: (answer) => {
            settle();
            resolve(answer);
          },
          fail: (error) => {
            settle();
            reject(error);
          },
        };
        waiters.push(waiter);
        request.signal.addEventListener('abort', leave, { once: true });
        wake();
      }),
    wake,
    mayConcern: (change) => last === undefined || concerns(change, last),
    stopWaiting: () => {
      isStopped = true;
      expire();
    },
  };
}

/** Whether a change may let a claim get a run that it did not get in the last round. */
function concerns(
  { kind, id, action, state_type, work_queue_id }: Change,
  { slotQueueIds }: ClaimRound,
): boolean {
  switch (kind) {
    case 'everything':
    case 'work_pool':
    case 'work_queue':
      return action !== 'seen';
    case 'flow_run':
      // A run that is due, or one that releases its slot. If several runs change together, the queue is unknown.
      if (work_queue_id === null) return action === 'deleted' || id === null;
      return slotQueueIds.has(work_queue_id) && state_type !== 'RUNNING' && state_type !== 'PENDING';
    default:
      return false;
  }
}

function emptyClaim(claim_id: string): Claim {
  return { claim_id, flow_runs: [], deployments: [], flows: [] };
}
