import { addSeconds, type Timestamp } from '@mintaka/contract';
import type { Work } from '@mintaka/contract/schedules';
import type { Expression, SqlBool } from 'kysely';
import type { ReadSession } from '../../database/database.ts';
import { runIsScheduled } from '../../database/dialects/index-conditions.ts';
import { eb } from '../../database/filters/conditions.ts';
import { readAsManyAsFit } from '../batches.ts';
import type { Context } from '../context.ts';
import { IntegrityError, TemporaryDatabaseError, UnstorableValueError } from '../errors.ts';
import { insertPlannedRuns } from './insert-runs.ts';
import {
  carryOut,
  laterBy,
  type PlannedRun,
  planInSteps,
  type ScheduledDeployment,
  scheduledDeploymentColumns,
} from './planned-runs.ts';
import { type PlanningRound, rememberSlowSchedules, type SlowSchedules } from './slow-schedules.ts';

/** Receives each deployment whose schedule cannot be expanded; the others are scheduled anyway. */
export type OnBrokenSchedule = (deploymentId: string, error: unknown) => void;

/** Which deployments, and from which end of their ids. */
type Choice = { condition: Expression<SqlBool>; order: 'asc' | 'desc' };

/**
 * Schedules runs of every deployment that has too few future runs, or none far enough ahead; returns the number of new runs.
 * Several servers can do so concurrently: each run is created once.
 */
export function scheduleAllDeployments(
  context: Context,
  onBroken: OnBrokenSchedule,
  slow: SlowSchedules = rememberSlowSchedules(),
): Promise<number> {
  const now = context.clock.now();
  return scheduleChosen(context, { condition: lacksRuns(context, now), order: 'asc' }, onBroken, slow);
}

/**
 * The same only for deployments changed since a given time, so that they need not wait for the next full round. It starts
 * from the other end: if both have much to do, they meet instead of doing the same work twice.
 */
export function scheduleChangedDeployments(
  context: Context,
  since: Timestamp,
  onBroken: OnBrokenSchedule,
  slow: SlowSchedules = rememberSlowSchedules(),
): Promise<number> {
  const condition = eb.and([eb('deployment.updated', '>=', since), lacksRuns(context, context.clock.now())]);
  return scheduleChosen(context, { condition, order: 'desc' }, onBroken, slow);
}

async function scheduleChosen(
  context: Context,
  choice: Choice,
  onBroken: OnBrokenSchedule,
  slow: SlowSchedules,
): Promise<number> {
  const { deploymentBatchSize, insertBatchSize } = context.settings.services.scheduler;
  const round = slow.begin();
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
      planned.push(...(await planShare(context, round, deployment, onBroken)));
      // Only full batches: a commit costs as much for a few runs as for many.
      const full = planned.length - (planned.length % insertBatchSize);
      if (full === 0) continue;
      inserted += await insert(context, planned.slice(0, full), onBroken);
      planned = planned.slice(full);
    }
    if (page.length < size) break;
    last = page.at(-1)?.id;
  }
  inserted += await insert(context, planned, onBroken);
  for (const { deployment, work } of round.slowOnes()) {
    inserted += await insert(context, await plan(context, deployment, work, onBroken), onBroken);
  }
  return inserted;
}

/** The runs of a deployment; none yet if its schedule takes more work than its share and the other deployments come first. */
async function planShare(
  context: Context,
  round: PlanningRound,
  deployment: ScheduledDeployment,
  onBroken: OnBrokenSchedule,
): Promise<PlannedRun[]> {
  const work = round.share(deployment);
  const runs = work && (await plan(context, deployment, work, onBroken));
  if (runs !== undefined && work !== undefined && work.left >= 0) return runs;
  round.putOff(deployment);
  return [];
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

/** Inserts runs; if the rows of one deployment are refused, inserts the others without them. */
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

/** Whether a deployment has too few future runs, or the last of them is too soon. */
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
      ahead.select((eb) => eb.fn.countAll<number>().as('runs')),
      '<',
      minRuns,
    ),
    eb(
      ahead.select((eb) => eb.fn.max('flow_run.next_scheduled_start_time').as('last')),
      '<',
      addSeconds(now, minScheduledTime),
    ),
  ]);
}

async function plan(
  context: Context,
  deployment: ScheduledDeployment,
  work: Work,
  onBroken: OnBrokenSchedule,
): Promise<PlannedRun[]> {
  const { minRuns, maxRuns, minScheduledTime, maxScheduledTime } = context.settings.services.scheduler;
  const now = context.clock.now();
  try {
    const end = laterBy(now, maxScheduledTime);
    const horizon = { now, start: now, end, minTime: minScheduledTime, minRuns, maxRuns };
    return await carryOut(planInSteps(deployment, horizon, work));
  } catch (error) {
    onBroken(deployment.id, error);
    return [];
  }
}
