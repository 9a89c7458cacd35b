-- To see a plan, put "explain (generic_plan)" before a statement in psql, from Postgres 16 on.

-- prepare
select set_config('lock_timeout', '2s', true), set_config('enable_seqscan', 'off', true);

-- lockRow
select from flow_run where id = $1 for update;

-- claimRows
select id as id from flow_run where id = any(cast((select cast($1 as uuid[])) as uuid[])) for update skip locked;

-- anyRows
select id as id from flow_run limit cast($1 as bigint);

-- referringRows
select row.id, wanted.id as target
-- the select around the ids hides their number, so that one generic plan serves every list
from unnest((select cast($1 as uuid[]))) as wanted (id)
-- one target after the other, along the index
cross join lateral (
  select id as id from flow_run where parent_task_run_id = wanted.id limit cast($2 as bigint)
) as row
limit cast($2 as bigint);

-- scheduledRuns
select run.id from deployment
cross join lateral (
  -- offset 0: reads the runs of each deployment, not all runs of the flow
  select id, flow_id from flow_run where deployment_id = deployment.id and state_type = 'SCHEDULED' offset 0
) as run
where deployment.flow_id = $1 and run.flow_id = $1
limit cast($2 as bigint);

-- olderRows
select row.id
from unnest((select cast($1 as uuid[]))) as wanted (id)
cross join lateral (
  select id from log where flow_run_id = wanted.id and created < $2 limit cast($3 as bigint)
) as row
limit cast($3 as bigint);

-- heldIds
with recursive
-- the distinct ids: each step finds the next one in the index
held (id, place) as (
  select (select flow_run_id from log where flow_run_id > cast($1 as uuid) order by flow_run_id limit 1), 1
  union all
  select (select flow_run_id from log where flow_run_id > held.id order by flow_run_id limit 1), place + 1
  from held
  where held.id is not null and place < cast($2 as bigint)
)
-- a scalar subquery, not exists: for that Postgres might read all of the owner's table
select held.id, case when (select flow_run.id from flow_run where flow_run.id = held.id) is null then 1 else 0 end as
  gone
from held where held.id is not null order by held.place;

-- detachRows
update flow_run set parent_task_run_id = null where id = any(cast((select cast($1 as uuid[])) as uuid[]));

-- deleteRows
delete from flow_run where id = any(cast((select cast($1 as uuid[])) as uuid[]));
