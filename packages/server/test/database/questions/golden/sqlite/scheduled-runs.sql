-- To see a plan, put "explain query plan" before a statement in sqlite3.

-- takenKeys
select run.idempotency_key
from json_each(?) as wanted
join flow_run as run on run.flow_id = wanted.value ->> 0 and run.idempotency_key = wanted.value ->> 1;

-- insertRunsWithStates
insert into flow_run (
    id, name, flow_id, deployment_id, work_queue_name, work_queue_id, infrastructure_document_id, parameters, tags,
    idempotency_key, expected_start_time, next_scheduled_start_time, created, updated, state_type, state_name,
    auto_scheduled, context, empirical_policy, total_run_time)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'SCHEDULED', 'Scheduled', 1, '{}',
  '{"max_retries": 0, "retry_delay_seconds": 0, "retries": null, "retry_delay": null, "pause_keys": [], "resuming": false}',
  '1970-01-01 00:00:00.000000')
on conflict (flow_id, idempotency_key) do nothing;

-- insertRunsWithStates
-- Which runs are new, read once for all: an insert that returns it costs twice as much.
select id from flow_run where id in (select value from json_each(?));

-- insertRunsWithStates
insert into flow_run_state (id, flow_run_id, state_details, created, updated, timestamp, type, name, message, data)
values (?, ?, ?, ?, ?, ?, 'SCHEDULED', 'Scheduled', 'Flow run scheduled', 'null');

-- insertRunsWithStates
update flow_run set state_id = pair.value
-- an object of run ids and state ids
from json_each(?) as pair
where flow_run.id = pair.key;
