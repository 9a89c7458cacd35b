-- To see a plan, put "explain (generic_plan)" before a statement in psql, from Postgres 16 on.

-- insertLogs
insert into log (id, created, updated, name, level, flow_run_id, task_run_id, message, timestamp)
select line.id, line.created, line.created, line.name, line.level, line.flow_run_id, line.task_run_id, line.message,
  line.timestamp
-- an array for each column, so that one statement takes any number of lines
from unnest(
    cast($1 as uuid[]), cast($2 as timestamptz[]), cast($3 as varchar[]), cast($4 as smallint[]), cast($5 as uuid[]),
    cast($6 as uuid[]), cast($7 as text[]), cast($8 as timestamptz[])
) as line (id, created, name, level, flow_run_id, task_run_id, message, timestamp);
