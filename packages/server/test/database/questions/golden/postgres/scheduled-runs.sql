-- To see a plan, put "explain (generic_plan)" before a statement in psql, from Postgres 16 on.

-- takenKeys
select run.idempotency_key
from unnest(cast($1 as uuid[]), cast($2 as varchar[])) as wanted (flow_id, idempotency_key)
join flow_run as run on run.flow_id = wanted.flow_id and run.idempotency_key = wanted.idempotency_key;

-- insertRunsWithStates
with
-- The rows as they were sent: an array for each column.
sent as materialized (
  select * from unnest(
      cast($1 as uuid[]), cast($2 as varchar[]), cast($3 as uuid[]), cast($4 as uuid[]), cast($5 as varchar[]),
      cast($6 as uuid[]), cast($7 as uuid[]), cast($8 as text[]), cast($9 as text[]), cast($10 as varchar[]),
      cast($11 as timestamptz[]), cast($13 as uuid[]), cast($14 as text[]))
    as run (id, name, flow_id, deployment_id, work_queue_name, work_queue_id, infrastructure_document_id, parameters,
      tags, idempotency_key, date, state_id, state_details)
),
-- The runs whose key is free. They name their states before those exist: constraints are checked when the whole statement
-- is done. Setting the state afterwards would write all index entries of a run twice.
inserted as (
  insert into flow_run (
      id, name, flow_id, deployment_id, work_queue_name, work_queue_id, infrastructure_document_id, parameters, tags,
      idempotency_key, expected_start_time, next_scheduled_start_time, created, updated, state_type, state_name,
      auto_scheduled, context, empirical_policy, total_run_time, state_id)
  select run.id, run.name, run.flow_id, run.deployment_id, run.work_queue_name, run.work_queue_id,
    run.infrastructure_document_id, cast(run.parameters as jsonb), cast(run.tags as jsonb), run.idempotency_key,
      run.date,
    run.date, cast($12 as timestamptz), cast($12 as timestamptz), 'SCHEDULED', 'Scheduled', true, '{}',
      '{"max_retries": 0, "retry_delay_seconds": 0, "retries": null, "retry_delay": null, "pause_keys": [], "resuming": false}',
    '0.000000 seconds', run.state_id
  from sent as run
  on conflict (flow_id, idempotency_key) do nothing
  returning id
)
-- The states of those runs.
insert into flow_run_state (id, flow_run_id, state_details, created, updated, timestamp, type, name, message, data)
select sent.state_id, sent.id, cast(sent.state_details as jsonb), cast($12 as timestamptz), cast($12 as timestamptz),
  cast($12 as timestamptz), 'SCHEDULED', 'Scheduled', 'Flow run scheduled', 'null'
from sent join inserted on inserted.id = sent.id
returning id;
