import {
  EMPTY_OBJECT,
  type WorkPoolCreate,
  type WorkPoolFilterBody,
  type WorkPoolUpdate,
} from '@mintaka/contract';
import { type WorkPoolResponse, workPoolFromRow } from '../../database/codecs/work-pool.ts';
import type { ReadSession } from '../../database/database.ts';
import { narrow } from '../../database/filters/compose.ts';
import { workPoolWhere } from '../../database/filters/work-pool.ts';
import { type Batches, readPiece } from '../batches.ts';
import { proveByRow } from '../commit-proofs.ts';
import type { Context } from '../context.ts';
import { deleteWithChildren } from '../deletion/deletions.ts';
import { NotFoundError, RefusedError } from '../errors.ts';
import { pageOf } from '../pages.ts';
import { makeDefaultQueue } from './default-pool.ts';
import { refuseAgents, refuseTakenName } from './work-queue-rows.ts';

const reserved = "Work pools starting with 'Prefect' are reserved for internal use";

/**
 * Creates a pool with its default queue.
 * @throws RefusedError with 403 for a reserved name, with 409 if the name is taken.
 */
export async function createWorkPool(context: Context, body: WorkPoolCreate): Promise<WorkPoolResponse> {
  if (isReserved(body.name)) throw new RefusedError(403, `${reserved}.`);
  const { base_job_template = EMPTY_OBJECT, description = null, concurrency_limit = null, ...plain } = body;
  return refuseTakenName('A work pool with this name already exists.', () =>
    context.database.transaction(async (session) => {
      const id = context.random.id();
      proveByRow(session, 'work_pool', id);
      const now = context.clock.now();
      await session.run(
        session.sql.insertInto('work_pool').values({
          id,
          created: now,
          updated: now,
          ...plain,
          description,
          concurrency_limit,
          base_job_template: base_job_template.text,
        }),
      );
      await makeDefaultQueue(context, session, id);
      return readWithin(session, body.name);
    }),
  );
}

/** The pool with this name. @throws NotFoundError */
export function readWorkPool(context: Context, name: string): Promise<WorkPoolResponse> {
  return context.database.read((session) => readWithin(session, name));
}

/** One page of the pools that match the filter, by name. */
export function filterWorkPools(context: Context, body: WorkPoolFilterBody): Batches<WorkPoolResponse> {
  return readPiece(pageOf(context, body), ({ limit, offset }) =>
    context.database.readLong(async (session) => {
      const chosen = narrow(
        session.sql.selectFrom('work_pool').selectAll(),
        body.work_pools && workPoolWhere(body.work_pools, session.dialect.bindings),
      );
      const page = chosen.orderBy('name').limit(limit).offset(offset);
      return (await session.all(page)).map(workPoolFromRow);
    }),
  );
}

/**
 * Updates the given fields of a pool. For a reserved pool, only pausing and the concurrency limit can be changed.
 * @throws NotFoundError, RefusedError with 403
 */
export async function updateWorkPool(context: Context, name: string, body: WorkPoolUpdate): Promise<void> {
  const { base_job_template: template, description, ...plain } = body;
  if (isReserved(name) && (template !== undefined || description !== undefined)) {
    throw new RefusedError(403, `${reserved} and can only be updated to set concurrency limits or pause.`);
  }
  const changed = await context.database.transaction((session) =>
    session.run(
      session.sql
        .updateTable('work_pool')
        .set({
          ...plain,
          ...(description === undefined ? {} : { description }),
          ...(template === undefined ? {} : { base_job_template: template?.text ?? null }),
          updated: context.clock.now(),
        })
        .where('name', '=', name),
    ),
  );
  if (changed === 0) throw poolNotFound(name);
}

/**
 * Deletes a pool with its queues and workers.
 * @throws NotFoundError, RefusedError with 403 for a reserved name, IntegrityError if an agent has polled one of its queues
 */
export async function deleteWorkPool(context: Context, name: string): Promise<void> {
  if (isReserved(name)) throw new RefusedError(403, `${reserved} and can not be deleted.`);
  const id = await context.database.read((session) => workPoolId(session, name));
  const isThere = await deleteWithChildren(context, { kind: 'work_pool', id }, async (session) => {
    const queues = session.sql.selectFrom('work_queue').select('id').where('work_pool_id', '=', id);
    await refuseAgents(
      session,
      (await session.all(queues)).map((queue) => queue.id),
    );
  });
  if (!isThere) throw poolNotFound(name);
}

/** The id of the pool with this name. @throws NotFoundError */
export async function workPoolId(session: ReadSession, name: string): Promise<string> {
  const pool = await session.first(session.sql.selectFrom('work_pool').select('id').where('name', '=', name));
  if (pool === undefined) throw poolNotFound(name);
  return pool.id;
}

/** The error for a missing pool. */
export function poolNotFound(name: string): NotFoundError {
  return new NotFoundError(`Work pool "${name}" not found.`);
}

async function readWithin(session: ReadSession, name: string): Promise<WorkPoolResponse> {
  const row = await session.first(session.sql.selectFrom('work_pool').selectAll().where('name', '=', name));
  if (row === undefined) throw poolNotFound(name);
  return workPoolFromRow(row);
}

function isReserved(name: string): boolean {
  return name.toLowerCase().startsWith('prefect');
}
