-- To see a plan, put "explain query plan" before a statement in sqlite3.

-- history
-- mintaka_history exists only on connections of the server. It takes the start of the first bar, the length of a bar and
-- the present, in microseconds; then the columns of a run, with the start of its present stretch if it is running.
select mintaka_history(
    ?, ?, ?,
    "flow_run"."expected_start_time", "flow_run"."state_type", "flow_run"."state_name",
    "flow_run"."start_time", "flow_run"."total_run_time",
    case when "flow_run"."state_type" = 'RUNNING' then "flow_run"."state_timestamp" end) as groups
from "flow_run"
where "flow_run"."expected_start_time" >= ? and "flow_run"."expected_start_time" < ?;
