import type { Timestamp } from '@mintaka/contract';
import type { WriteSession } from '../../database/database.ts';
import type { DeletableTable } from '../../database/dialects/deletion.ts';
import { lockPool } from '../pool-lock.ts';
import { renumberQueues } from '../queue-priorities.ts';
import { droppableRuns } from './droppable-runs.ts';
import { tablesInOrder, usualCostOf } from './relations.ts';
import { removeRows, type Slice } from './remove-rows.ts';

/** What can be deleted with everything below it. */
export const deletionKinds = [
  'flow',
  'deployment',
  'flow_run',
  'task_run',
  'block_type',
  'block_schema',
  'block_document',
  'notification_policy',
  'work_pool',
  /** A queue by its id. */
  'work_queue',
  /** A queue of a pool, whose other queues move up. */
  'pool_queue',
  /** The runs that a deployment's schedule created, without the deployment. */
  'scheduled_runs',
  /** Every row of every table. */
  'database',
] as const;

/** One of them. */
export type DeletionKind = (typeof deletionKinds)[number];

/** What to delete; `id` is the deployment's for its scheduled runs, and empty for the whole database. */
export type Target = { readonly kind: DeletionKind; readonly id: string };

/** A target, and the time of the request. */
export type Intent = Target & { readonly asked: Timestamp };

/** The progress of a slice: `blocked` if locks of others prevent everything. */
export type Progress = 'finished' | 'progress' | 'blocked';

/** The rows to delete next, within the budget of the slice; empty if none is left. */
type Source = { table: DeletableTable; next(slice: Slice): Promise<string[] | 'blocked'> };

const roots: Readonly<Record<Exclude<DeletionKind, 'scheduled_runs' | 'database'>, DeletableTable>> = {
  flow: 'flow',
  deployment: 'deployment',
  flow_run: 'flow_run',
  task_run: 'task_run',
  block_type: 'block_type',
  block_schema: 'block_schema',
  block_document: 'block_document',
  notification_policy: 'flow_run_notification_policy',
  work_pool: 'work_pool',
  work_queue: 'work_queue',
  pool_queue: 'work_queue',
};

/** Whether the target exists; if it is a row, locks it until the transaction ends. */
export async function lockTarget({ session }: Slice, { kind, id }: Target): Promise<boolean> {
  if (kind === 'scheduled_runs' || kind === 'database') return true;
  // In the same order as other code: the pool before its queues.
  const pool = kind === 'pool_queue' ? await poolOf(session, id) : undefined;
  if (pool !== undefined) await lockPool(session, pool);
  return session.dialect.questions.deletion.lockRow(session, roots[kind], id);
}

/**
 * Deletes as much of a target as the slice allows. The target is locked.
 * @param isFirst whether nothing is recorded of this deletion yet.
 */
export async function deleteSome(slice: Slice, intent: Intent, isFirst: boolean): Promise<Progress> {
  const pool = intent.kind === 'pool_queue' ? await poolOf(slice.session, intent.id) : undefined;
  let removed = 0;
  for (const source of sourcesOf(intent, isFirst)) {
    while (true) {
      // Not worth it for a few more: finding them takes as many statements as finding many.
      if (removed > 0 && slice.left < slice.total / 2) return 'progress';
      const ids = await source.next(slice);
      if (ids.length === 0) break;
      const rows = ids === 'blocked' ? 0 : await removeRows(slice, source.table, ids);
      if (rows === 0) return removed === 0 ? 'blocked' : 'progress';
      removed += rows;
    }
  }
  if (pool !== undefined) await renumberQueues(slice.context, slice.session, pool);
  return 'finished';
}

function sourcesOf(intent: Intent, isFirst: boolean): readonly Source[] {
  const { kind, id } = intent;
  switch (kind) {
    case 'database':
      return everything();
    case 'scheduled_runs':
      return [scheduledRuns(intent, isFirst)];
    case 'deployment':
      return [scheduledRuns(intent, isFirst), theRow('deployment', id)];
    case 'flow':
      // During a long deletion, no further runs must start.
      return isFirst ? [theRow('flow', id)] : [runsAhead(id), theRow('flow', id)];
    default:
      return [theRow(roots[kind], id)];
  }
}

function theRow(table: DeletableTable, id: string): Source {
  return {
    table,
    next: async ({ session }) =>
      (await session.dialect.questions.deletion.lockRow(session, table, id)) ? [id] : [],
  };
}

function everything(): readonly Source[] {
  return tablesInOrder.map((table) => ({
    table,
    next: ({ session, left }) => session.dialect.questions.deletion.anyRows(session, table, left),
  }));
}

/**
 * The runs of a deployment that have not begun. If only these are deleted, later slices exclude runs that the scheduler has
 * created since. The first slice runs while the deployment is locked and uses no clock, because another server's may be
 * ahead.
 */
function scheduledRuns({ kind, id, asked }: Intent, isFirst: boolean): Source {
  return {
    table: 'flow_run',
    next: async ({ session, left }) => {
      const { bindings } = session.dialect;
      const all = droppableRuns(session, id, kind === 'deployment' ? 'any' : 'auto-scheduled');
      const runs = kind === 'deployment' || isFirst ? all : all.where('flow_run.created', '<=', asked);
      // Locked together with the condition, because a worker may be claiming one of them.
      const page = runs.limit(Math.ceil(left / usualCostOf('flow_run')));
      const free = await session.all(bindings.claim(page, 'flow_run'));
      if (free.length > 0) return free.map((run) => run.id);
      return (await session.first(runs.limit(1))) === undefined ? [] : 'blocked';
    },
  };
}

/** Ends the schedules of a flow's deployments; then the runs that wait in queues are the first to go. */
function runsAhead(flowId: string): Source {
  return {
    table: 'flow_run',
    next: async (slice) => {
      const { session, context, left } = slice;
      const active = await session.all(
        session.sql
          .selectFrom('deployment')
          .select('id')
          .where('flow_id', '=', flowId)
          .where('is_schedule_active', '=', true)
          .limit(left),
      );
      slice.left -= active.length;
      if (active.length > 0) {
        await session.run(
          session.sql
            .updateTable('deployment')
            .set({ is_schedule_active: false, updated: context.clock.now() })
            .where(
              session.dialect.bindings.isAnyOf(
                'deployment.id',
                active.map(({ id }) => id),
              ),
            ),
        );
      }
      return session.dialect.questions.deletion.scheduledRuns(session, flowId, Math.max(1, slice.left));
    },
  };
}

async function poolOf(session: WriteSession, queueId: string): Promise<string | undefined> {
  const queue = await session.first(
    session.sql.selectFrom('work_queue').select('work_pool_id').where('id', '=', queueId),
  );
  return queue?.work_pool_id;
}
