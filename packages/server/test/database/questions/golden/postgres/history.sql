-- To see a plan, put "explain (generic_plan)" before a statement in psql, from Postgres 16 on.

-- history
select bar, state_type, state_name, count(*) as count_runs,
  cast(extract(epoch from sum("ran")) as double precision) as sum_estimated_run_time, cast(extract(epoch from
    sum("late")) as double precision) as sum_estimated_lateness
from (
  select width_bucket("flow_run"."expected_start_time", $1::timestamptz[]) - 1 as bar,
    "flow_run"."state_type", "flow_run"."state_name", greatest(interval '0', "flow_run"."total_run_time"
      + case when "flow_run"."state_type" = 'RUNNING' then coalesce(cast($2 as timestamptz) -
        "flow_run"."state_timestamp", interval '0') else interval '0' end) as ran, case
    when "flow_run"."start_time" > "flow_run"."expected_start_time"
    then "flow_run"."start_time" - "flow_run"."expected_start_time"
    when "flow_run"."start_time" is null
    and "flow_run"."state_type" not in ('COMPLETED', 'CANCELLED', 'FAILED', 'CRASHED')
    and "flow_run"."expected_start_time" < cast($3 as timestamptz)
    then cast($4 as timestamptz) - "flow_run"."expected_start_time"
    else interval '0' end as late
  from "flow_run"
  where "flow_run"."expected_start_time" >= $5 and "flow_run"."expected_start_time" < $6
  -- offset 0: else Postgres expects as many groups as there are start times, and sorts all runs to group them
  offset 0) as run
group by bar, state_type, state_name
order by bar, state_type, state_name;
