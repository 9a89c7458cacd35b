import { type Claim, secondsBetween, type Timestamp } from '@mintaka/contract';
import type { Change } from '../../database/changes.ts';
import type { Context } from '../context.ts';
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

/** The runs of a claim. */
export type ClaimAnswer = {
  /** Null if the pool was not read. */
  readonly poolId: string | null;
  readonly claim: Claim;
  /** When the claim that got these runs was requested; null if it got none. */
  readonly requested: Timestamp | null;
};

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

  const nothingFor = ({ claimId }: ClaimRequest): ClaimAnswer => ({
    poolId: last?.poolId ?? null,
    claim: { claim_id: claimId, flow_runs: [], deployments: [], flows: [] },
    requested: null,
  });

  /** One transaction. Answers the claims that got runs, and those whose wait has ended. */
  async function round(): Promise<void> {
    served = [...waiters];
    try {
      last = await claimRuns(context, place, served);
      if (last.hasMore) lookAgain = true;
      const now = monotonic();
      const connected = new Set(served.filter(({ signal }) => !signal.aborted).map(({ claimId }) => claimId));
      const gone = new Set<Waiter>();
      for (const waiter of served) {
        waiter.isTried = true;
        const isAborted = waiter.signal.aborted;
        // A repetition of the claim on another connection gets the runs.
        const isReplaced = isAborted && connected.has(waiter.claimId);
        const granted = isReplaced ? undefined : last.claims.get(waiter.claimId);
        if (granted === undefined && now < waiter.deadline && !isAborted && !isStopped) continue;
        gone.add(waiter);
        waiter.answer(granted === undefined ? nothingFor(waiter) : { poolId: last.poolId, ...granted });
      }
      remove(gone);
    } catch (error) {
      for (const waiter of served) waiter.fail(error);
      remove(new Set(served));
    } finally {
      served = [];
    }
  }

  async function look(): Promise<void> {
    clearTimeout(timer);
    isLooking = true;
    do {
      lookAgain = false;
      await round();
    } while (lookAgain && waiters.length > 0);
    isLooking = false;
    if (waiters.length === 0) onEmpty();
    else setTimer();
  }

  /** Tries again when the next run is due, or answers the next claim whose wait ends. */
  function setTimer(): void {
    clearTimeout(timer);
    const now = monotonic();
    const untilDeadline = waiters.reduce((first, { deadline }) => Math.min(first, deadline), Infinity) - now;
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
    for (const waiter of late) waiter.answer(nothingFor(waiter));
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
          resolve(nothingFor(request));
          if (waiters.length === 0 && !isLooking) onEmpty();
          return;
        }
        const leave = () => {
          // Its runs may already be Pending: the end of the transaction answers it.
          if (served.includes(waiter)) return;
          remove(new Set([waiter]));
          resolve(nothingFor(request));
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
