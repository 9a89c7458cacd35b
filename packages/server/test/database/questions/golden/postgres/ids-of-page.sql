-- To see a plan, put "explain (generic_plan)" before a statement in psql, from Postgres 16 on.

-- idsOfPage
select "flow_run"."id" as id
from "flow_run"
where "flow_run"."state_type" = any($1)
order by "flow_run"."expected_start_time" desc
limit cast($2 as bigint) offset $3;
