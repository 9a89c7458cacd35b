import type { WriteSession } from '../../database/database.ts';
import type { Context } from '../context.ts';
import { IntegrityError, TemporarilyUnavailableError, TemporaryDatabaseError } from '../errors.ts';
import { beginSlice } from './remove-rows.ts';
import { deleteSome, type Intent, lockTarget, type Progress, type Target } from './targets.ts';

/**
 * How long a deletion is retried that is blocked by locks of other transactions, before the caller gets an error, in
 * milliseconds.
 */
const patienceMilliseconds = 5000;
/** How long to wait for others before the next try, in milliseconds. */
const blockedMilliseconds = 50;
/** The delay for a retry after that, in seconds. */
const retryAfterSeconds = 5;

/** The result of the first transaction of a deletion: nothing existed; everything is deleted; the rest is recorded. */
export type Beginning = 'absent' | 'finished' | 'recorded';

/**
 * Deletes a target with everything below it, in as many transactions as needed, and returns when everything is deleted. A
 * deletion with several transactions is recorded first: if the server stops, a later one continues it. A caller that requests
 * a running deletion waits for it.
 * @param check runs first, in the first transaction; if it throws, nothing is deleted.
 * @returns false if the target does not exist.
 * @throws TemporarilyUnavailableError if locks of others or the end of the server prevent it from finishing now.
 */
export async function deleteWithChildren(
  context: Context,
  target: Target,
  check?: (session: WriteSession) => Promise<void>,
): Promise<boolean> {
  if (context.deletions.underWay(keyOf(target)) === undefined) {
    const beginning = await context.database.transaction(async (session) => {
      await check?.(session);
      return beginDeletion(context, session, target);
    });
    if (beginning !== 'recorded') return beginning === 'finished';
  }
  await finishDeletion(context, target);
  return true;
}

/** Begins a deletion within an open transaction. After the commit, call {@link finishDeletion} to do the recorded rest. */
export async function beginDeletion(
  context: Context,
  session: WriteSession,
  target: Target,
): Promise<Beginning> {
  const asked = context.clock.now();
  const slice = beginSlice(context, session);
  if (!(await lockTarget(slice, target))) return 'absent';
  const progress = await deleteSome(slice, { ...target, asked }, true);
  if (progress === 'finished') return 'finished';
  await session.run(
    session.sql
      .insertInto('mintaka_deletion')
      .values({ kind: target.kind, target_id: target.id, asked, worked: asked })
      .onConflict((on) => on.columns(['kind', 'target_id']).doUpdateSet({ asked, worked: asked })),
  );
  return 'recorded';
}

/**
 * Carries out a recorded deletion to its end; one that is not recorded (any more) is at its end.
 * @throws TemporarilyUnavailableError
 */
export async function finishDeletion(context: Context, target: Target): Promise<void> {
  // A caller that joined a running deletion checks again: rows may have been added after it looked.
  while (!(await context.deletions.join(keyOf(target), () => workOn(context, target))));
}

/** Abandons a recorded deletion: nothing more is deleted. */
export async function forgetDeletion(context: Context, { kind, id }: Target): Promise<void> {
  await context.database.transaction((session) =>
    session.run(
      session.sql.deleteFrom('mintaka_deletion').where('kind', '=', kind).where('target_id', '=', id),
    ),
  );
}

async function workOn(context: Context, target: Target): Promise<void> {
  const { deletions } = context;
  let lastProgress = deletions.now();
  while (true) {
    // When its turn comes, the server may be stopping.
    const progress = await deletions.step(async () =>
      deletions.isStopped() ? 'stopped' : nextSlice(context, target),
    );
    if (progress === 'finished') return;
    if (progress === 'stopped') {
      throw new TemporarilyUnavailableError(
        'The server is stopping; the deletion continues after the next start.',
        retryAfterSeconds,
      );
    }
    if (progress === 'progress') lastProgress = deletions.now();
    else if (deletions.now() - lastProgress > patienceMilliseconds) {
      throw new TemporarilyUnavailableError(
        'The rows to delete are locked by other transactions.',
        retryAfterSeconds,
      );
    } else await deletions.wait(blockedMilliseconds);
  }
}

/** One transaction of a recorded deletion. Only one server works on it at a time. */
async function nextSlice(context: Context, target: Target): Promise<Progress> {
  try {
    return await context.database.transaction(async (session) => {
      const slice = beginSlice(context, session);
      // The target first, as in the first transaction: another server may be at that.
      const isThere = await lockTarget(slice, target);
      const intent = await claimIntent(session, target);
      if (intent === undefined) return (await isRecorded(session, target)) ? 'blocked' : 'finished';
      const progress = isThere ? await deleteSome(slice, intent, false) : 'finished';
      if (progress === 'finished') await forget(session, target);
      else await noteWork(context, session, target);
      return progress;
    });
  } catch (error) {
    if (error instanceof TemporaryDatabaseError && error.fault === 'lock timeout') return 'blocked';
    if (!(error instanceof IntegrityError)) throw error;
    // A row that refers to one of the last rows has been added; the next slice finds it.
    if (target.kind === 'database') return 'blocked';
    await forgetDeletion(context, target);
    throw error;
  }
}

async function claimIntent(session: WriteSession, target: Target): Promise<Intent | undefined> {
  const recorded = session.sql
    .selectFrom('mintaka_deletion')
    .select('asked')
    .where('kind', '=', target.kind)
    .where('target_id', '=', target.id);
  const row = await session.first(session.dialect.bindings.claim(recorded, 'mintaka_deletion'));
  return row === undefined ? undefined : { ...target, asked: row.asked };
}

async function isRecorded(session: WriteSession, { kind, id }: Target): Promise<boolean> {
  const recorded = session.sql
    .selectFrom('mintaka_deletion')
    .select('kind')
    .where('kind', '=', kind)
    .where('target_id', '=', id);
  return (await session.first(recorded)) !== undefined;
}

/** Clearing the whole database also finishes all other deletions. */
async function forget(session: WriteSession, { kind, id }: Target): Promise<void> {
  const recorded = session.sql.deleteFrom('mintaka_deletion');
  await session.run(
    kind === 'database' ? recorded : recorded.where('kind', '=', kind).where('target_id', '=', id),
  );
}

async function noteWork({ clock }: Context, session: WriteSession, { kind, id }: Target): Promise<void> {
  await session.run(
    session.sql
      .updateTable('mintaka_deletion')
      .set({ worked: clock.now() })
      .where('kind', '=', kind)
      .where('target_id', '=', id),
  );
}

/** The identity of a deletion. */
export function keyOf({ kind, id }: Target): string {
  return `${kind} ${id}`;
}
