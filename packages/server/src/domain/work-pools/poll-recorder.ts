import type { WriteSession } from '../../database/database.ts';
import type { Context } from '../context.ts';
import { TemporaryDatabaseError } from '../errors.ts';
import { randomRunName } from '../runs/run-names.ts';

/** Receives polls. */
export type PollSink = {
  /** A pool was polled: all its queues, or the named ones. */
  poolPolled(poolId: string, queueNames: readonly string[]): void;
  /** A queue was polled, by the agent with this id if it has one. */
  queuePolled(queueId: string, agentId: string | null): void;
};

/** Collects polls and records them after they have been answered. */
export type PollRecorder = {
  /** Receives the polls of one request. */
  by(requestId: string): PollSink;
  /** Waits until everything that was collected so far is recorded. */
  idle(): Promise<void>;
};

/** Receives the error if polls of these requests could not be recorded, unless it is an outage of the database. */
export type OnUnrecordedPolls = (error: unknown, requestIds: readonly string[]) => void;

type RecorderParts = Pick<Context, 'clock' | 'database' | 'random'>;

type Polls = {
  queues: Set<string>;
  pools: Set<string>;
  named: Map<string, { poolId: string; names: readonly string[] }>;
  /** The queue that each agent polled last. */
  agents: Map<string, string>;
  /** The requests that polled. */
  requests: Set<string>;
};

/**
 * Creates a recorder. Polls that arrive while it writes wait for the next round and are written together, so that many workers
 * cost one transaction. Polls that cannot be written are dropped, because the next poll records the same.
 */
export function createPollRecorder(context: RecorderParts, onUnrecorded: OnUnrecordedPolls): PollRecorder {
  let polls = noPolls();
  let writing: Promise<void> | undefined;

  async function writeAll(): Promise<void> {
    await new Promise(setImmediate); // send the answer first
    while (!isEmpty(polls)) {
      const batch = polls;
      polls = noPolls();
      const tell = (error: unknown) => {
        // An outage of the database is reported once, not by each poll.
        if (!(error instanceof TemporaryDatabaseError)) onUnrecorded(error, [...batch.requests]);
      };
      await writeQueues(context, batch).catch(tell);
      for (const [agentId, queueId] of batch.agents) {
        await writeAgent(context, agentId, queueId).catch(tell);
      }
    }
    writing = undefined;
  }

  const wake = () => {
    writing ??= writeAll();
  };
  return {
    by: (requestId) => ({
      poolPolled: (poolId, names) => {
        if (names.length === 0) polls.pools.add(poolId);
        else polls.named.set(JSON.stringify([poolId, names]), { poolId, names });
        polls.requests.add(requestId);
        wake();
      },
      queuePolled: (queueId, agentId) => {
        polls.queues.add(queueId);
        if (agentId !== null) polls.agents.set(agentId, queueId);
        polls.requests.add(requestId);
        wake();
      },
    }),
    idle: async () => {
      await writing;
    },
  };
}

function noPolls(): Polls {
  return { queues: new Set(), pools: new Set(), named: new Map(), agents: new Map(), requests: new Set() };
}

function isEmpty({ queues, pools, named, agents }: Polls): boolean {
  return queues.size + pools.size + named.size + agents.size === 0;
}

function writeQueues(context: RecorderParts, { queues, pools, named }: Polls): Promise<void> {
  return context.database.transaction(async (session) => {
    session.mayRunAgain();
    const { bindings } = session.dialect;
    const now = context.clock.now();
    const update = session.sql.updateTable('work_queue').set({ last_polled: now, updated: now });
    if (queues.size > 0) session.send(update.where(bindings.isAnyOf('work_queue.id', [...queues])));
    if (pools.size > 0) session.send(update.where(bindings.isAnyOf('work_queue.work_pool_id', [...pools])));
    for (const { poolId, names } of named.values()) {
      session.send(
        update.where('work_pool_id', '=', poolId).where(bindings.isAnyOf('work_queue.name', names)),
      );
    }
  });
}

/** In its own transaction, because it fails if the queue was deleted in the meantime. */
function writeAgent(context: RecorderParts, agentId: string, queueId: string): Promise<void> {
  return context.database.transaction(async (session: WriteSession) => {
    session.mayRunAgain();
    const now = context.clock.now();
    const sign = { work_queue_id: queueId, last_activity_time: now };
    const agent = { id: agentId, created: now, updated: now, name: randomRunName(context.random), ...sign };
    await session.run(
      session.sql
        .insertInto('agent')
        .values(agent)
        .onConflict((conflict) => conflict.column('id').doUpdateSet(sign)),
    );
  });
}
