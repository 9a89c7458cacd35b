import { addSeconds } from '@mintaka/contract';
import type { Context } from '../context.ts';
import { finishDeletion, keyOf } from '../deletion/deletions.ts';
import { deletionKinds, type Target } from '../deletion/targets.ts';
import { TemporaryDatabaseError } from '../errors.ts';

/** Receives the outcome of deletions. */
export type DeletionReport = {
  finished(target: Target): void;
  failed(target: Target, error: unknown): void;
};

/**
 * Finishes recorded deletions without recent progress: those that a stopped server left behind, and those that were blocked
 * by locks.
 * @param idleSeconds the time without progress; 0 for all deletions.
 */
export async function finishRecordedDeletions(
  context: Context,
  idleSeconds: number,
  report: DeletionReport,
): Promise<void> {
  for (const target of await idleDeletions(context, idleSeconds)) {
    if (context.deletions.isStopped()) return;
    // A request on this server is working on it.
    if (context.deletions.underWay(keyOf(target)) !== undefined) continue;
    try {
      await finishDeletion(context, target);
      report.finished(target);
    } catch (error) {
      if (error instanceof TemporaryDatabaseError) throw error;
      if (!context.deletions.isStopped()) report.failed(target, error);
    }
  }
}

async function idleDeletions({ database, clock }: Context, idleSeconds: number): Promise<Target[]> {
  const rows = await database.read((session) => {
    const recorded = session.sql
      .selectFrom('mintaka_deletion')
      .select(['kind', 'target_id'])
      .orderBy('asked');
    if (idleSeconds === 0) return session.all(recorded);
    return session.all(recorded.where('worked', '<', addSeconds(clock.now(), -idleSeconds)));
  });
  return rows.flatMap(({ kind, target_id }) => {
    // Deletions of an unknown kind, recorded by a later version, are left to it.
    const known = deletionKinds.find((candidate) => candidate === kind);
    return known === undefined ? [] : [{ kind: known, id: target_id }];
  });
}
