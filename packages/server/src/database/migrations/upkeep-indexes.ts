import { isScheduled, leftOutByRebuilds } from './dispatch-indexes.ts';
import type { OwnMigration } from './own-migration.ts';

/** The runs that nobody has called late yet, for WHERE clauses. */
export const isPlainlyScheduled = "state_name = 'Scheduled'";

/** Lets the scheduler count what a deployment has ahead, and the search for late runs pass over those it has found. */
export const upkeepIndexes: OwnMigration = {
  number: 4,
  name: 'upkeep indexes',
  indexes: ['mintaka_flow_run_scheduled_by_deployment', 'mintaka_flow_run_not_late'],
  sql: { sqlite: indexesEndingIn(leftOutByRebuilds), postgres: indexesEndingIn('') },
};

// The name of the state leads, though it is always the same: SQLite would rather take the index that has it alone.
function indexesEndingIn(last: string): string {
  return `
CREATE INDEX IF NOT EXISTS mintaka_flow_run_scheduled_by_deployment
  ON flow_run (deployment_id, auto_scheduled, next_scheduled_start_time${last}) WHERE ${isScheduled};
CREATE INDEX IF NOT EXISTS mintaka_flow_run_not_late
  ON flow_run (state_name, next_scheduled_start_time, id${last}) WHERE ${isPlainlyScheduled};
`;
}
