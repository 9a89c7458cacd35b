-- To see a plan, put "explain query plan" before a statement in sqlite3.

-- lockRow
select id as id from flow_run where id in (select value from json_each(?));

-- claimRows
select id as id from flow_run where id in (select value from json_each(?));

-- anyRows
-- in the order of the table: neighbours share pages in most indexes as well
select id as id from flow_run order by rowid limit cast(? as integer);

-- referringRows
select id as id, parent_task_run_id as target from flow_run
where parent_task_run_id in (select value from json_each(?)) limit cast(? as integer);

-- scheduledRuns
select run.id from deployment cross join flow_run as run on run.deployment_id = deployment.id
where deployment.flow_id = ?
-- the plus keeps SQLite from using the index over flows, and looking through all runs of the flow
  and +run.flow_id = deployment.flow_id and run.state_type = 'SCHEDULED'
limit cast(? as integer);

-- olderRows
select id from log where flow_run_id in (select value from json_each(?)) and created < ?
limit cast(? as integer);

-- heldIds
with recursive
-- the distinct ids: each step finds the next one in the index
held (id, place) as (
  select (select flow_run_id from log where flow_run_id > ? order by flow_run_id limit 1), 1
  union all
  select (select flow_run_id from log where flow_run_id > held.id order by flow_run_id limit 1), place + 1
  from held
  where held.id is not null and place < cast(? as integer)
)
-- a scalar subquery, not exists: for that Postgres might read all of the owner's table
select held.id, case when (select flow_run.id from flow_run where flow_run.id = held.id) is null then 1 else 0 end as
  gone
from held where held.id is not null order by held.place;

-- detachRows
update flow_run set parent_task_run_id = null where id in (select value from json_each(?));

-- deleteRows
delete from flow_run where id in (select value from json_each(?));
