-- To see a plan, put "explain (generic_plan)" before a statement in psql, from Postgres 16 on.

-- expiredPauses
select run.id, run.state_id, state.state_details
from flow_run as run join flow_run_state as state on state.id = run.state_id
where run.state_type = 'PAUSED'
-- times in UTC are in the order of their bytes
  and (state.state_details ->> 'pause_timeout' < $1 collate "C"
    or state.state_details ->> 'pause_timeout' not like '%+00:00')
  and run.id > $2
order by run.id limit cast($3 as bigint);
