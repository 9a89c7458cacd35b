import { type FlowRunResponse, isTerminal, type StateType, type WaitGoal } from '@mintaka/contract';
import type { Change } from '../../database/changes.ts';
import { flowRunFromRow } from '../../database/codecs/flow-run.ts';
import type { Context } from '../context.ts';
import { NotFoundError } from '../errors.ts';

/** A request to wait for a flow run. */
export type RunWaitRequest = {
  readonly flowRunId: string;
  readonly until: WaitGoal;
  /** The longest wait, in seconds. */
  readonly timeout: number;
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal;
};

/** Lets clients wait for flow runs. */
export type RunWaits = {
  /**
   * The flow run once it is in the requested state or in a terminal one, or in its current state after the timeout.
   * @throws NotFoundError if the run does not exist, or is deleted in the meantime
   */
  wait(request: RunWaitRequest): Promise<FlowRunResponse>;
  /** Answers all waiting requests, and lets no further one wait. */
  stop(): void;
};

/** How many runs one statement reads. */
const mostRead = 500;

type Waiter = RunWaitRequest & {
  /** Whether it is answered at the next read, whatever the state. */
  isOver: boolean;
  answer(run: FlowRunResponse): void;
  fail(error: unknown): void;
};

/** Creates {@link RunWaits}. */
export function createRunWaits(context: Context): RunWaits {
  const waiters = new Map<string, Set<Waiter>>();
  /** The runs to read. */
  const wanted = new Set<string>();
  let isLooking = false;
  let isStopped = false;
  let leaveFeed: (() => void) | undefined;

  const heard = ({ kind, flow_run_id, state_type, action }: Change) => {
    if (kind === 'everything' || (kind === 'flow_run' && flow_run_id === null)) return lookAtAll();
    if (kind !== 'flow_run' || flow_run_id === null) return;
    const those = waiters.get(flow_run_id);
    if (those === undefined) return;
    const mayEnd = action === 'deleted' || state_type === null || endsSome(those, state_type);
    if (mayEnd) lookAt([flow_run_id]);
  };

  function lookAtAll(): void {
    lookAt(waiters.keys());
  }

  function lookAt(ids: Iterable<string>): void {
    for (const id of ids) wanted.add(id);
    if (!isLooking && wanted.size > 0) void look();
  }

  async function look(): Promise<void> {
    isLooking = true;
    while (wanted.size > 0) {
      const ids = [...wanted].slice(0, mostRead);
      for (const id of ids) wanted.delete(id);
      const looking = ids.flatMap((id) => [...(waiters.get(id) ?? [])]);
      try {
        const runs = await readRuns(context, ids);
        for (const waiter of looking) settle(waiter, runs.get(waiter.flowRunId));
      } catch (error) {
        for (const waiter of looking) waiter.fail(error);
      }
    }
    isLooking = false;
  }

  function add(waiter: Waiter): void {
    leaveFeed ??= context.database.changes.listen({
      changed: (changes) => {
        for (const change of changes) heard(change);
      },
      resync: lookAtAll,
    });
    const those = waiters.get(waiter.flowRunId) ?? new Set();
    waiters.set(waiter.flowRunId, those.add(waiter));
    lookAt([waiter.flowRunId]);
  }

  function remove(waiter: Waiter): void {
    const those = waiters.get(waiter.flowRunId);
    those?.delete(waiter);
    if (those?.size === 0) waiters.delete(waiter.flowRunId);
    if (waiters.size > 0) return;
    leaveFeed?.();
    leaveFeed = undefined;
  }

  return {
    wait: (request) => {
      const { promise, resolve, reject } = Promise.withResolvers<FlowRunResponse>();
      const waiter: Waiter = {
        ...request,
        isOver: isStopped || request.timeout === 0 || request.signal.aborted,
        answer: resolve,
        fail: reject,
      };
      const end = () => {
        waiter.isOver = true;
        lookAt([request.flowRunId]);
      };
      const timer = setTimeout(end, request.timeout * 1000);
      request.signal.addEventListener('abort', end, { once: true });
      add(waiter);
      return promise.finally(() => {
        clearTimeout(timer);
        request.signal.removeEventListener('abort', end);
        remove(waiter);
      });
    },
    stop: () => {
      isStopped = true;
      for (const those of waiters.values()) for (const waiter of those) waiter.isOver = true;
      lookAtAll();
    },
  };
}

function settle(waiter: Waiter, run: FlowRunResponse | undefined): void {
  if (run === undefined) waiter.fail(new NotFoundError('Flow run not found'));
  else if (waiter.isOver || ends(waiter.until, run.state_type)) waiter.answer(run);
}

function endsSome(waiters: Iterable<Waiter>, type: StateType): boolean {
  for (const { until } of waiters) if (ends(until, type)) return true;
  return false;
}

function ends(until: WaitGoal, type: StateType | null): boolean {
  return type !== null && (isTerminal(type) || type === until);
}

async function readRuns(
  { database, clock }: Context,
  ids: readonly string[],
): Promise<ReadonlyMap<string, FlowRunResponse>> {
  const rows = await database.read((session) => session.dialect.questions.runsById.flowRuns(session, ids));
  const now = clock.now();
  return new Map(rows.map((row) => [row.id, flowRunFromRow(row, now)]));
}
