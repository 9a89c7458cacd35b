import type { WriteSession } from '../../database/database.ts';
import type { Context } from '../context.ts';
import { randomRunName } from '../runs/run-names.ts';

/** Is told of polls. */
export type PollSink = {
  /** Somebody polled a pool: all its queues, or those that are named. */
  poolPolled(poolId: string, queueNames: readonly string[]): void;
  /** Somebody polled a queue, an agent with an id of its own perhaps. */
  queuePolled(queueId: string, agentId: string | null): void;
};

/** Remembers polls and writes them down once they have been answered. */
export type PollRecorder = PollSink & {
  /** The same for polls of one request, so that the log can name it. */
  by(requestId: string): PollSink;
  /** Answers once everything that is remembered by now is written. */
  idle(): Promise<void>;
};

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
 * Makes a recorder. Polls that come while it writes wait for the next round and are written together, so that many workers
 * cost one transaction. What cannot be written is told to `onError`, with the ids of the requests that it is from, and
 * forgotten: the next poll tells the same again.
 */
export function createPollRecorder(
  context: Context,
  onError: (error: unknown, requestIds: readonly string[]) => void,
): PollRecorder {
  let polls = noPolls();
  let writing: Promise<void> | undefined;

  async function writeAll(): Promise<void> {
    await new Promise(setImmediate); // the answer goes first
    while (!isEmpty(polls)) {
      const batch = polls;
      polls = noPolls();
      const tell = (error: unknown) => onError(error, [...batch.requests]);
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
  const teller: PollSink = {
    poolPolled: (poolId, names) => {
      if (names.length === 0) polls.pools.add(poolId);
      else polls.named.set(JSON.stringify([poolId, names]), { poolId, names });
      wake();
    },
    queuePolled: (queueId, agentId) => {
      polls.queues.add(queueId);
      if (agentId !== null) polls.agents.set(agentId, queueId);
      wake();
    },
  };
  return {
    ...teller,
    by: (requestId) => ({
      poolPolled: (poolId, names) => {
        teller.poolPolled(poolId, names);
        polls.requests.add(requestId);
      },
      queuePolled: (queueId, agentId) => {
        teller.queuePolled(queueId, agentId);
        polls.requests.add(requestId);
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

function writeQueues(context: Context, { queues, pools, named }: Polls): Promise<void> {
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

/** By itself, because the queue may have gone meanwhile, and with it the transaction. */
function writeAgent(context: Context, agentId: string, queueId: string): Promise<void> {
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
