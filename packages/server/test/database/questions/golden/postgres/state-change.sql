-- To see a plan, put "explain (generic_plan)" before a statement in psql, from Postgres 16 on.

-- flowRun
select from flow_run where id = $1 for no key update;

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
where run.id = $1;

-- scheduledFlowRuns
select id from flow_run
where id = any(cast($1 as uuid[])) and state_type = 'SCHEDULED'
-- another transaction is about to change the state of those that it has locked
for no key update skip locked;

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
where run.id = any(cast($1 as uuid[]));

-- taskRun
select from task_run where id = $1 for no key update;

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
where run.id = $1;

-- taskRuns
select from task_run where id = any(cast($1 as uuid[]))
-- in one order: transactions that lock the same runs wait for each other, and never in a circle
order by id for no key update;

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
where run.id = any(cast($1 as uuid[]));

-- insertState
insert into flow_run_state
  (id, created, updated, type, timestamp, name, message, state_details, flow_run_id, result_artifact_id)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- insertState
insert into task_run_state
  (id, created, updated, type, timestamp, name, message, state_details, task_run_id, result_artifact_id)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- updateRun
update flow_run set state_id = $1, state_type = $2, state_name = $3, run_count = $4, updated = $5 where id = $6;

-- updateRun
update task_run set state_id = $1, state_type = $2, state_name = $3, run_count = $4, updated = $5 where id = $6;

-- queueNotifications
insert into flow_run_notification_queue (flow_run_notification_policy_id, flow_run_state_id)
select policy.id, cast($1 as uuid)
from flow_run_notification_policy as policy
where policy.is_active
-- an empty list matches every state, or every run
  and (policy.state_names = '[]' or policy.state_names ?| array(select jsonb_array_elements_text(cast($2 as jsonb))))
  and (policy.tags = '[]' or policy.tags ?| array(select jsonb_array_elements_text(cast($3 as jsonb))));
