import { NO_STATE_DETAILS, storedJson } from '@mintaka/contract';
import { storedStateDetails } from '../../database/codecs/state-details.ts';
import { textsOf } from '../../database/codecs/values.ts';
import type { ReadSession } from '../../database/database.ts';
import type { RunWithState } from '../../database/dialects/scheduled-runs.ts';
import type { Context } from '../context.ts';
import { randomRunName } from '../runs/run-names.ts';
import type { PlannedRun, ScheduledDeployment } from './planned-runs.ts';

/**
 * Inserts planned runs, except existing ones, and returns the number of new ones. It uses small transactions, so that others
 * do not wait long. Runs of deployments that were changed since the runs were planned are skipped too.
 * @param atOnce how many runs are inserted concurrently: on SQLite their transactions share a commit.
 */
export async function insertPlannedRuns(
  context: Context,
  runs: readonly PlannedRun[],
  atOnce: number,
): Promise<number> {
  const size = context.database.dialect.questions.scheduledRuns.atOnce;
  let inserted = 0;
  for (const batch of slices(runs, atOnce)) {
    const missing = await withoutExisting(context, batch);
    const counts = await Promise.all(slices(missing, size).map((slice) => insertBatch(context, slice)));
    inserted += counts.reduce((sum, count) => sum + count, 0);
  }
  return inserted;
}

/** The runs that do not exist yet, as far as this can be known in advance. */
async function withoutExisting(context: Context, runs: readonly PlannedRun[]): Promise<PlannedRun[]> {
  const { takenKeys } = context.database.dialect.questions.scheduledRuns;
  const keys = runs.map(({ deployment, key }) => ({ flow_id: deployment.flow_id, idempotency_key: key }));
  const taken = new Set(await context.database.readLong((session) => takenKeys(session, keys)));
  return runs.filter(({ key }) => !taken.has(key));
}

function slices<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

function insertBatch(context: Context, planned: readonly PlannedRun[]): Promise<number> {
  const { insertRunsWithStates } = context.database.dialect.questions.scheduledRuns;
  return context.database.transaction(async (session) => {
    const unchanged = await keepUnchanged(session, planned);
    const runs = planned.filter(({ deployment }) => unchanged.has(deployment.id));
    if (runs.length === 0) return 0;
    const made = runs.map((run) => newRun(context, run));
    for (const { id, work_queue_id } of made.map(({ run }) => run)) {
      session.changed({
        kind: 'flow_run',
        id,
        action: 'created',
        flow_run_id: id,
        state_type: 'SCHEDULED',
        work_queue_id,
      });
    }
    return insertRunsWithStates(session, made, context.clock.now());
  });
}

/**
 * The deployments that have not changed since their runs were planned. They are locked until the transaction ends: a
 * transaction that changes one later finds its runs and drops them.
 */
async function keepUnchanged(session: ReadSession, planned: readonly PlannedRun[]): Promise<Set<string>> {
  const { bindings } = session.dialect;
  const seen = new Map(planned.map(({ deployment }) => [deployment.id, deployment.updated]));
  const query = session.sql
    .selectFrom('deployment')
    .select(['deployment.id', 'deployment.updated'])
    .where(bindings.isAnyOf('deployment.id', [...seen.keys()]))
    .where('deployment.is_schedule_active', '=', true)
    .orderBy('deployment.id');
  const rows = await session.all(bindings.lock(query, 'deployment'));
  return new Set(rows.filter(({ id, updated }) => seen.get(id) === updated).map(({ id }) => id));
}

function newRun(context: Context, { deployment, date, key }: PlannedRun): RunWithState {
  const run = {
    id: context.random.id(),
    name: randomRunName(context.random),
    flow_id: deployment.flow_id,
    deployment_id: deployment.id,
    work_queue_name: deployment.work_queue_name,
    work_queue_id: deployment.work_queue_id,
    infrastructure_document_id: deployment.infrastructure_document_id,
    ...storedInputs(deployment),
    idempotency_key: key,
    date,
  };
  const state_details = storedStateDetails({ ...NO_STATE_DETAILS, scheduled_time: date });
  return { run, state: { id: context.random.id(), flow_run_id: run.id, state_details } };
}

type StoredInputs = { parameters: string; tags: string };

/** Cached as long as the deployment's row, because all its runs have the same inputs. */
const inputs = new WeakMap<ScheduledDeployment, StoredInputs>();

function storedInputs(deployment: ScheduledDeployment): StoredInputs {
  const known = inputs.get(deployment);
  if (known !== undefined) return known;
  const stored = {
    parameters: deployment.parameters.text,
    tags: storedJson(['auto-scheduled', ...textsOf(deployment.tags)]),
  };
  inputs.set(deployment, stored);
  return stored;
}
