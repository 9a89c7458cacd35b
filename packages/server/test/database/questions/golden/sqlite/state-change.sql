-- To see a plan, put "explain query plan" before a statement in sqlite3.

-- flowRun
select
  run.id, run.state_id, run.state_type, run.state_name, run.state_timestamp, run.run_count,
  run.expected_start_time, run.next_scheduled_start_time, run.start_time, run.end_time, run.total_run_time,
  run.empirical_policy, run.tags,
  state.type as current_type, state.name as current_name, state.timestamp as current_timestamp,
  state.message as current_message, state.state_details as current_details,
  answered.fingerprint as answered_fingerprint, answered.request_id as answered_request_id,
  answered.answer_lost as answered_lost, answered.status as answered_status, answered.details as answered_details,
    run.deployment_id, run.parent_task_run_id, run.work_queue_id, run.work_queue_name,
  run.infrastructure_pid,
  queue.name as queue_name, queue.concurrency_limit as queue_limit,
  pool.id as pool_id, pool.name as pool_name, pool.concurrency_limit as pool_limit
from flow_run as run
left join flow_run_state as state on state.id = run.state_id
-- where it waits, for the concurrency limits
left join work_queue as queue on queue.id = run.work_queue_id
left join work_pool as pool on pool.id = queue.work_pool_id
-- the request that wrote the current state, to recognise it if it comes again
left join mintaka_answered_request as answered on answered.run_id = run.id and answered.state_id = run.state_id
where run.id = ?;

-- scheduledFlowRuns
select
  run.id, run.state_id, run.state_type, run.state_name, run.state_timestamp, run.run_count,
  run.expected_start_time, run.next_scheduled_start_time, run.start_time, run.end_time, run.total_run_time,
  run.empirical_policy, run.tags,
  state.type as current_type, state.name as current_name, state.timestamp as current_timestamp,
  state.message as current_message, state.state_details as current_details,
  answered.fingerprint as answered_fingerprint, answered.request_id as answered_request_id,
  answered.answer_lost as answered_lost, answered.status as answered_status, answered.details as answered_details,
    run.deployment_id, run.parent_task_run_id, run.work_queue_id, run.work_queue_name,
  run.infrastructure_pid,
  queue.name as queue_name, queue.concurrency_limit as queue_limit,
  pool.id as pool_id, pool.name as pool_name, pool.concurrency_limit as pool_limit
from flow_run as run
left join flow_run_state as state on state.id = run.state_id
-- where it waits, for the concurrency limits
left join work_queue as queue on queue.id = run.work_queue_id
left join work_pool as pool on pool.id = queue.work_pool_id
-- the request that wrote the current state, to recognise it if it comes again
left join mintaka_answered_request as answered on answered.run_id = run.id and answered.state_id = run.state_id
where run.id in (select value from json_each(?)) and run.state_type = 'SCHEDULED';

-- taskRun
select
  run.id, run.state_id, run.state_type, run.state_name, run.state_timestamp, run.run_count,
  run.expected_start_time, run.next_scheduled_start_time, run.start_time, run.end_time, run.total_run_time,
  run.empirical_policy, run.tags,
  state.type as current_type, state.name as current_name, state.timestamp as current_timestamp,
  state.message as current_message, state.state_details as current_details,
  answered.fingerprint as answered_fingerprint, answered.request_id as answered_request_id,
  answered.answer_lost as answered_lost, answered.status as answered_status, answered.details as answered_details,
    run.flow_run_id, run.flow_run_run_count,
  flow_run.state_type as flow_run_state_type, flow_run.run_count as flow_run_attempts
from task_run as run
left join task_run_state as state on state.id = run.state_id
-- the request that wrote the current state, to recognise it if it comes again
left join mintaka_answered_request as answered on answered.run_id = run.id and answered.state_id = run.state_id
-- a task run may have no flow run
left join flow_run on flow_run.id = run.flow_run_id
where run.id = ?;

-- taskRuns
select
  run.id, run.state_id, run.state_type, run.state_name, run.state_timestamp, run.run_count,
  run.expected_start_time, run.next_scheduled_start_time, run.start_time, run.end_time, run.total_run_time,
  run.empirical_policy, run.tags,
  state.type as current_type, state.name as current_name, state.timestamp as current_timestamp,
  state.message as current_message, state.state_details as current_details,
  answered.fingerprint as answered_fingerprint, answered.request_id as answered_request_id,
  answered.answer_lost as answered_lost, answered.status as answered_status, answered.details as answered_details,
    run.flow_run_id, run.flow_run_run_count,
  flow_run.state_type as flow_run_state_type, flow_run.run_count as flow_run_attempts
from task_run as run
left join task_run_state as state on state.id = run.state_id
-- the request that wrote the current state, to recognise it if it comes again
left join mintaka_answered_request as answered on answered.run_id = run.id and answered.state_id = run.state_id
-- a task run may have no flow run
left join flow_run on flow_run.id = run.flow_run_id
where run.id in (select value from json_each(?));

-- insertState
insert into flow_run_state
  (id, created, updated, type, timestamp, name, message, state_details, flow_run_id, result_artifact_id)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- insertState
insert into task_run_state
  (id, created, updated, type, timestamp, name, message, state_details, task_run_id, result_artifact_id)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- updateRun
update flow_run set state_id = ?, state_type = ?, state_name = ?, run_count = ?, updated = ? where id = ?;

-- updateRun
update task_run set state_id = ?, state_type = ?, state_name = ?, run_count = ?, updated = ? where id = ?;

-- queueNotifications
insert into flow_run_notification_queue (flow_run_notification_policy_id, flow_run_state_id)
select policy.id, ?
from flow_run_notification_policy as policy
where policy.is_active = 1
-- an empty list matches every state, or every run
  and (policy.state_names = '[]' or exists (
    select 1 from json_each(policy.state_names) as held where held.value in (select value from json_each(?))))
  and (policy.tags = '[]' or exists (
    select 1 from json_each(policy.tags) as held where held.value in (select value from json_each(?))));
