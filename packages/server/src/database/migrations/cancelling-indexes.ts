import { leftOutByRebuilds } from './dispatch-indexes.ts';
import type { OwnMigration } from './own-migration.ts';

/**
 * The cancelling runs that nobody may ever have claimed: they neither started nor have a process, for WHERE clauses. Their
 * history tells. Databases use the indexes below only for queries whose condition is written exactly like theirs; `coalesce`
 * and `case` keep them from the indexes over the types and the starts of all runs.
 */
export const mayBeUnclaimed = `coalesce(state_type, 'SCHEDULED') = 'CANCELLING'
  AND CASE WHEN start_time IS NULL THEN infrastructure_pid IS NULL ELSE false END`;

/** Lets counts of slots leave out cancelling runs that nobody ever claimed, of which there are few or none. */
export const cancellingIndexes: OwnMigration = {
  number: 8,
  name: 'cancelling indexes',
  indexes: ['mintaka_flow_run_stopping_by_queue_id', 'mintaka_flow_run_stopping_by_queue_name'],
  sql: { sqlite: indexesEndingIn(leftOutByRebuilds), postgres: indexesEndingIn('') },
};

function indexesEndingIn(last: string): string {
  return `
CREATE INDEX IF NOT EXISTS mintaka_flow_run_stopping_by_queue_id
  ON flow_run (work_queue_id, id${last}) WHERE ${mayBeUnclaimed};
CREATE INDEX IF NOT EXISTS mintaka_flow_run_stopping_by_queue_name
  ON flow_run (work_queue_name, id${last}) WHERE ${mayBeUnclaimed};
`;
}
