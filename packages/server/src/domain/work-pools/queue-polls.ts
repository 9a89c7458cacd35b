import type { FlowRunResponse, QueueFilter, Timestamp, WorkQueueRunsBody } from '@mintaka/contract';
import { flowRunFromRow, selectFlowRuns } from '../../database/codecs/flow-run.ts';
import { queueFilter } from '../../database/codecs/work-queue.ts';
import type { ReadSession } from '../../database/database.ts';
import { runIsNotHeld, runIsUnclaimed } from '../../database/dialects/index-conditions.ts';
import { composeFlowRuns } from '../../database/filters/compose.ts';
import { eb } from '../../database/filters/conditions.ts';
import type { FlowRunCriteria } from '../../database/filters/flow-run.ts';
import { sortFlowRuns } from '../../database/sorts.ts';
import { processesHaveBegunBy } from '../../orchestration/rules/leave-retries-to-their-process.ts';
import { readAsManyAsFit } from '../batches.ts';
import type { Context } from '../context.ts';
import { NotFoundError } from '../errors.ts';
import type { PollSink } from './poll-recorder.ts';
import { queueById, type WorkQueueRow } from './work-queue-rows.ts';

/** An agent's poll of a queue. */
export type QueuePoll = {
  queueId: string;
  body: WorkQueueRunsBody;
  /** True when the UI is looking; such reads are not recorded as polls. */
  isLook: boolean;
};

/**
 * The next runs of a queue for an agent, by time, up to the free slots of the queue's concurrency limit. Legacy queues find
 * their runs by tags and deployments, all others by their own name.
 * @throws NotFoundError
 */
export async function pollWorkQueue(
  context: Context,
  recorder: PollSink,
  { queueId, body, isLook }: QueuePoll,
): Promise<FlowRunResponse[]> {
  const demand = {
    limit: body.limit ?? context.settings.pageLimit,
    scheduledBefore: body.scheduled_before ?? null,
    retriesHeldAfter: processesHaveBegunBy(context.clock.now()),
  };
  const queue = await context.database.read((session) => queueById(session, queueId));
  if (queue === undefined) {
    throw new NotFoundError(`Work queue with id ${queueId} not found.`, 'exception_message');
  }
  const filter = queueFilter(queue.filter);
  const rows = await readAsManyAsFit(demand.limit, (limit) =>
    filter === null
      ? context.database.read((session) =>
          session.dialect.questions.dispatch.fromQueues(session, {
            queues: [queueId],
            scheduledBefore: demand.scheduledBefore,
            retriesHeldAfter: demand.retriesHeldAfter,
            limitPerQueue: limit,
          }),
        )
      : context.database.readLong((session) => filteredRuns(session, queue, filter, { ...demand, limit })),
  );
  if (!isLook) recorder.queuePolled(queueId, body.agent_id ?? null);
  const now = context.clock.now();
  return rows.map((row) => flowRunFromRow(row, now));
}

type QueueDemand = { limit: number; scheduledBefore: Timestamp | null; retriesHeldAfter: Timestamp };

async function filteredRuns(
  session: ReadSession,
  queue: WorkQueueRow,
  { tags, deployment_ids }: QueueFilter,
  { limit, scheduledBefore, retriesHeldAfter }: QueueDemand,
) {
  if (queue.is_paused) return [];
  const wanted: FlowRunCriteria = {
    tags: { all_: tags },
    deployment_id: { any_: deployment_ids, is_null_: false },
  };
  const free = await freeSlots(session, queue, wanted);
  const chosen = composeFlowRuns(session, selectFlowRuns(session.sql), {
    flow_runs: {
      ...wanted,
      state: { type: { any_: ['SCHEDULED'] } },
      next_scheduled_start_time: { before_: scheduledBefore },
    },
  });
  const notHeld = chosen.where(runIsNotHeld(retriesHeldAfter));
  const ordered = sortFlowRuns(notHeld, 'NEXT_SCHEDULED_START_TIME_ASC').orderBy('flow_run.id');
  return session.all(ordered.limit(Math.min(limit, free)));
}

async function freeSlots(
  session: ReadSession,
  queue: WorkQueueRow,
  wanted: FlowRunCriteria,
): Promise<number> {
  if (queue.concurrency_limit === null) return Number.POSITIVE_INFINITY;
  const holding = composeFlowRuns(session, session.sql.selectFrom('flow_run'), {
    flow_runs: { ...wanted, state: { type: { any_: ['PENDING', 'RUNNING', 'CANCELLING'] } } },
  });
  const counted = await session.first(
    holding
      .where(eb.not(runIsUnclaimed))
      .select((expression) => expression.fn.countAll<number>().as('count')),
  );
  return Math.max(0, queue.concurrency_limit - (counted?.count ?? 0));
}
