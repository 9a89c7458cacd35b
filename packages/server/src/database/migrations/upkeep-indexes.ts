import type { OwnMigration } from './own-migration.ts';

/** Lets the scheduler count what a deployment has ahead, and the search for late runs pass over those it has found. */
export const upkeepIndexes: OwnMigration = {
  number: 4,
  name: 'upkeep indexes',
  indexes: ['mintaka_flow_run_scheduled_by_deployment', 'mintaka_flow_run_not_late'],
  sql: { sqlite: indexesEndingIn(', (0)'), postgres: indexesEndingIn('') },
};

// The name of the state comes first although it is always the same: SQLite would otherwise prefer the index over it alone.
// The dummy last column is explained at the dispatch indexes.
function indexesEndingIn(last: string): string {
  return `
CREATE INDEX IF NOT EXISTS mintaka_flow_run_scheduled_by_deployment
  ON flow_run (deployment_id, auto_scheduled, next_scheduled_start_time${last}) WHERE state_type = 'SCHEDULED';
CREATE INDEX IF NOT EXISTS mintaka_flow_run_not_late
  ON flow_run (state_name, next_scheduled_start_time, id${last}) WHERE state_name = 'Scheduled';
`;
}
