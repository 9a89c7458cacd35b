import { addSeconds, type Timestamp } from '@mintaka/contract';
import type { Expression, SqlBool } from 'kysely';
import type { ReadSession } from '../../database/database.ts';
import { runIsScheduled } from '../../database/dialects/index-conditions.ts';
import { eb } from '../../database/filters/conditions.ts';
import { readAsManyAsFit } from '../batches.ts';
import type { Context } from '../context.ts';
import { IntegrityError, TemporaryDatabaseError, UnstorableValueError } from '../errors.ts';
import { insertPlannedRuns } from './insert-runs.ts';
import {
  laterBy,
  type PlannedRun,
  planRuns,
  type ScheduledDeployment,
  scheduledDeploymentColumns,
} from './planned-runs.ts';

/** Told of each deployment whose schedule cannot be followed; the others are scheduled all the same. */
export type OnBrokenSchedule = (deploymentId: string, error: unknown) => void;

/** Which deployments, and from which end of their ids. */
type Choice = { condition: Expression<SqlBool>; order: 'asc' | 'desc' };

/**
 * Schedules runs of every deployment that has too few ahead, or none that is far enough ahead; gives the number of new
 * runs. Several servers may do so at once: each run comes into being once.
 */
export function scheduleAllDeployments(context: Context, onBroken: OnBrokenSchedule): Promise<number> {
  const now = context.clock.now();
  return scheduleChosen(context, { condition: lacksRuns(context, now), order: 'asc' }, onBroken);
}

/**
 * The same for the deployments alone that were changed since a moment, so that nobody waits for the next full round. It
 * comes from the other end: where both have much to do they meet, instead of doing the same work twice.
 */
export function scheduleChangedDeployments(
  context: Context,
  since: Timestamp,
  onBroken: OnBrokenSchedule,
): Promise<number> {
  const condition = eb.and([eb('deployment.updated', '>=', since), lacksRuns(context, context.clock.now())]);
  return scheduleChosen(context, { condition, order: 'desc' }, onBroken);
}

async function scheduleChosen(context: Context, choice: Choice, onBroken: OnBrokenSchedule): Promise<number> {
  const { deploymentBatchSize, insertBatchSize } = context.settings.services.scheduler;
  let inserted = 0;
  let planned: PlannedRun[] = [];
  let last: string | undefined;
  while (true) {
    let size = deploymentBatchSize;
    const page = await readAsManyAsFit(deploymentBatchSize, (fitting) => {
      size = fitting;
      return context.database.readLong((session) => pageOf(session, choice, last, fitting));
    });
    for (const deployment of page) {
      planned.push(...plan(context, deployment, onBroken));
      // Full batches alone: a commit costs as much for a few runs as for many.
      const full = planned.length - (planned.length % insertBatchSize);
      if (full === 0) continue;
      inserted += await insert(context, planned.slice(0, full), onBroken);
      planned = planned.slice(full);
    }
    if (page.length < size) break;
    last = page.at(-1)?.id;
  }
  return inserted + (await insert(context, planned, onBroken));
}

function pageOf(
  session: ReadSession,
  { condition, order }: Choice,
  after: string | undefined,
  size: number,
): Promise<ScheduledDeployment[]> {
  const chosen = session.sql
    .selectFrom('deployment')
    .select(scheduledDeploymentColumns)
    .where('is_schedule_active', '=', true)
    .where('schedule', 'is not', null)
    .where(condition)
    .orderBy('deployment.id', order)
    .limit(size);
  if (after === undefined) return session.all(chosen);
  return session.all(chosen.where('deployment.id', order === 'asc' ? '>' : '<', after));
}

/** Inserts runs; where the rows of one deployment are refused, the others come without them. */
async function insert(
  context: Context,
  planned: readonly PlannedRun[],
  onBroken: OnBrokenSchedule,
): Promise<number> {
  const { insertBatchSize } = context.settings.services.scheduler;
  try {
    return await insertPlannedRuns(context, planned, insertBatchSize);
  } catch (error) {
    if (!(error instanceof IntegrityError || error instanceof UnstorableValueError)) throw error;
  }
  let inserted = 0;
  for (const [deploymentId, runs] of Map.groupBy(planned, (run) => run.deployment.id)) {
    try {
      inserted += await insertPlannedRuns(context, runs, insertBatchSize);
    } catch (error) {
      if (error instanceof TemporaryDatabaseError) throw error;
      onBroken(deploymentId, error);
    }
  }
  return inserted;
}

/** Whether a deployment has fewer runs ahead than it should, or the last of them comes too soon. */
function lacksRuns(context: Context, now: Timestamp): Expression<SqlBool> {
  const { minRuns, minScheduledTime } = context.settings.services.scheduler;
  const ahead = eb
    .selectFrom('flow_run')
    .whereRef('flow_run.deployment_id', '=', 'deployment.id')
    .where('flow_run.auto_scheduled', '=', true)
    .where(runIsScheduled)
    .where('flow_run.next_scheduled_start_time', '>=', now);
  return eb.or([
    eb(
      ahead.select((the) => the.fn.countAll<number>().as('runs')),
      '<',
      minRuns,
    ),
    eb(
      ahead.select((the) => the.fn.max('flow_run.next_scheduled_start_time').as('last')),
      '<',
      addSeconds(now, minScheduledTime),
    ),
  ]);
}

function plan(context: Context, deployment: ScheduledDeployment, onBroken: OnBrokenSchedule): PlannedRun[] {
  const { minRuns, maxRuns, minScheduledTime, maxScheduledTime } = context.settings.services.scheduler;
  const now = context.clock.now();
  try {
    const end = laterBy(now, maxScheduledTime);
    return planRuns(deployment, { now, start: now, end, minTime: minScheduledTime, minRuns, maxRuns });
  } catch (error) {
    onBroken(deployment.id, error);
    return [];
  }
}
