import type { OwnMigration } from './own-migration.ts';

/**
 * Indexes with which the scheduler counts a deployment's future runs, and the search for late runs skips those that are
 * already marked.
 */
export const upkeepIndexes: OwnMigration = {
  number: 4,
  name: 'upkeep indexes',
  indexes: ['mintaka_flow_run_scheduled_by_deployment', 'mintaka_flow_run_not_late'],
  sql: { sqlite: indexesEndingIn(', (0)'), postgres: indexesEndingIn('') },
};

// The state's name is first although it is constant: otherwise SQLite would prefer the index on it alone. The dummy last
// column is explained at the dispatch indexes.
function indexesEndingIn(last: string): string {
  return `
CREATE INDEX IF NOT EXISTS mintaka_flow_run_scheduled_by_deployment
  ON flow_run (deployment_id, auto_scheduled, next_scheduled_start_time${last}) WHERE state_type = 'SCHEDULED';
CREATE INDEX IF NOT EXISTS mintaka_flow_run_not_late
  ON flow_run (state_name, next_scheduled_start_time, id${last}) WHERE state_name = 'Scheduled';
`;
}
