import type { OwnMigration } from './own-migration.ts';

/**
 * Indexes with which a worker's poll reads the next runs of each queue and counts its slots without reading other runs. The
 * id is in the first two because it orders runs with the same time: a thousand of them must not be sorted to find the first.
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
  sql: { sqlite: indexesEndingIn(', (0)'), postgres: indexesEndingIn('') },
};

/**
 * The dummy last column turns each SQLite index into an expression index. The reference's migrations rebuild SQLite tables
 * and copy their indexes, and fail on an index over a missing column; they skip expression indexes, and our next start
 * creates them again. Other migrations of ours do the same.
 */
function indexesEndingIn(last: string): string {
  return `
CREATE INDEX IF NOT EXISTS mintaka_flow_run_scheduled_by_queue_id
  ON flow_run (work_queue_id, next_scheduled_start_time, id${last}) WHERE state_type = 'SCHEDULED';
CREATE INDEX IF NOT EXISTS mintaka_flow_run_scheduled_by_queue_name
  ON flow_run (work_queue_name, next_scheduled_start_time, id${last}) WHERE state_type = 'SCHEDULED';
CREATE INDEX IF NOT EXISTS mintaka_flow_run_slots_by_queue_id
  ON flow_run (work_queue_id${last}) WHERE state_type IN ('PENDING', 'RUNNING', 'CANCELLING');
CREATE INDEX IF NOT EXISTS mintaka_flow_run_slots_by_queue_name
  ON flow_run (work_queue_name, state_type${last}) WHERE state_type IN ('PENDING', 'RUNNING', 'CANCELLING');
`;
}
