-- To see a plan, put "explain query plan" before a statement in sqlite3.

-- idsOfPage
select "flow_run"."id" as id
from "flow_run"
where "flow_run"."state_type" in (select value from json_each(?))
order by "flow_run"."expected_start_time" desc
limit cast(? as bigint) offset ?;

-- idsOfPage
select count(*) as matches from (
  -- stops counting at one more than matters
  select 1 from "flow_run" where "flow_run"."state_type" in (select value from json_each(?)) limit cast(? as bigint));

-- idsOfPage
with
-- all matches, if there are few; one more row shows that there are not
candidate as materialized (
  select "flow_run"."id" as id, "flow_run"."expected_start_time" as place
  from "flow_run"
  where "flow_run"."state_type" in (select value from json_each(?))
  limit cast(? as bigint))
select id, (select count(*) from candidate) as candidates
from candidate
order by place desc
limit cast(? as bigint) offset ?;

-- idsOfPage
select id from (
  select "flow_run"."id" as id, "flow_run"."expected_start_time" as place
  from (select rowid as number from "flow_run" order by "flow_run"."expected_start_time" desc limit cast(? as bigint))
    as head
  -- cross join: keeps the order of the head, so that the first matches are found first
  cross join "flow_run" on "flow_run"."rowid" = head.number
  -- case: keeps the planner from using an index for the condition
  where case when "flow_run"."state_type" in (select value from json_each(?)) then true end
  -- offset, even if it is 0: keeps SQLite from flattening this query, which would read and sort the whole head
  limit cast(? as bigint) offset ?)
order by place desc;
