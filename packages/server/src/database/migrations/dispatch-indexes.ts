import type { OwnMigration } from './own-migration.ts';

/** The runs that wait for a worker, for WHERE clauses. */
export const isScheduled = "state_type = 'SCHEDULED'";

/**
 * The runs that hold a slot of their queue and pool, for WHERE clauses. SQLite uses the indexes below only for queries
 * whose condition is written exactly like theirs, so every query that counts slots takes this text.
 */
export const holdsSlot = "state_type IN ('PENDING', 'RUNNING', 'CANCELLING')";

/**
 * A last column that says nothing. The reference's migrations rebuild SQLite tables and copy their indexes, and fail on an
 * index over a column that is gone; an index with an expression they leave out, and our next start makes it again.
 */
export const leftOutByRebuilds = ', (0)';

/**
 * Lets a worker's poll read the next runs of each queue and count its slots without looking at any other run. The id stands
 * in the first two because it decides between runs of the same moment: a thousand of them must not be sorted for the first.
 */
export const dispatchIndexes: OwnMigration = {
  number: 1,
  name: 'dispatch indexes',
  indexes: [
    'mintaka_flow_run_scheduled_by_queue_id',
    'mintaka_flow_run_scheduled_by_queue_name',
    'mintaka_flow_run_slots_by_queue_id',
    'mintaka_flow_run_slots_by_queue_name',
  ],
  sql: { sqlite: indexesEndingIn(leftOutByRebuilds), postgres: indexesEndingIn('') },
};

function indexesEndingIn(last: string): string {
  return `
CREATE INDEX IF NOT EXISTS mintaka_flow_run_scheduled_by_queue_id
  ON flow_run (work_queue_id, next_scheduled_start_time, id${last}) WHERE ${isScheduled};
CREATE INDEX IF NOT EXISTS mintaka_flow_run_scheduled_by_queue_name
  ON flow_run (work_queue_name, next_scheduled_start_time, id${last}) WHERE ${isScheduled};
CREATE INDEX IF NOT EXISTS mintaka_flow_run_slots_by_queue_id
  ON flow_run (work_queue_id${last}) WHERE ${holdsSlot};
CREATE INDEX IF NOT EXISTS mintaka_flow_run_slots_by_queue_name
  ON flow_run (work_queue_name, state_type${last}) WHERE ${holdsSlot};
`;
}
