import { type ExpiredPauses, type PausedRun, pauseParameters } from '../paused-runs.ts';

const selectExpired = `
  select run.id, run.state_id, state.state_details
  from flow_run as run
  -- cross join: begins with the paused runs, however few states there are
  cross join flow_run_state as state on state.id = run.state_id
  where run.state_type = 'PAUSED'
    -- times in UTC are in the order of their texts; the plus signs keep SQLite from scanning the ids of all runs
    and (state.state_details ->> 'pause_timeout' < ?1
      or state.state_details ->> 'pause_timeout' not like '%+00:00')
    and +run.id > ?2
  order by +run.id limit cast(?3 as integer)`;

/** One statement, along the index over types of states. */
export const expiredPausesInSqlite: ExpiredPauses = (session, question) =>
  session.ask<PausedRun>({ sql: selectExpired, parameters: pauseParameters(question) });
