import type { OwnMigration } from './own-migration.ts';

/** Indexes of unclaimed cancelling runs, which counts of slots exclude; there are few or none. */
export const cancellingIndexes: OwnMigration = {
  number: 8,
  name: 'cancelling indexes',
  indexes: ['mintaka_flow_run_stopping_by_queue_id', 'mintaka_flow_run_stopping_by_queue_name'],
  sql: { sqlite: indexesEndingIn(', (0)'), postgres: indexesEndingIn('') },
};

// The dummy last column is explained at the dispatch indexes.
function indexesEndingIn(last: string): string {
  return `
CREATE INDEX IF NOT EXISTS mintaka_flow_run_stopping_by_queue_id
  ON flow_run (work_queue_id, id${last}) WHERE coalesce(state_type, 'SCHEDULED') = 'CANCELLING'
  AND CASE WHEN start_time IS NULL THEN infrastructure_pid IS NULL ELSE false END;
CREATE INDEX IF NOT EXISTS mintaka_flow_run_stopping_by_queue_name
  ON flow_run (work_queue_name, id${last}) WHERE coalesce(state_type, 'SCHEDULED') = 'CANCELLING'
  AND CASE WHEN start_time IS NULL THEN infrastructure_pid IS NULL ELSE false END;
`;
}
