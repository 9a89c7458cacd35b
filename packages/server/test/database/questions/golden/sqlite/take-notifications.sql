-- To see a plan, put "explain query plan" before a statement in sqlite3.

-- takeNotifications
-- The rows that waited longest and were never taken or whose lease has ended. SQLite's times have milliseconds: within
-- one, rowid is the order of writing.
select id from flow_run_notification_queue
where (updated = created or updated <= ?)
order by updated, rowid limit cast(? as integer);

-- takeNotifications
update flow_run_notification_queue set created = case when flow_run_notification_queue.updated =
  flow_run_notification_queue.created then ? else flow_run_notification_queue.created end, updated = ?
where id in (select value from json_each(?));

-- takeNotifications
select
  queue.id as queue_id, queue.created as first_taken, policy.id as flow_run_notification_policy_id,
  substr(policy.message_template, 1, 100001) as message_template, policy.block_document_id, flow.id as flow_id,
  substr(flow.name, 1, 100001) as flow_name, run.id as flow_run_id, substr(run.name, 1, 100001) as flow_run_name,
  named.parameters as flow_run_parameters,
  state.type as flow_run_state_type, substr(state.name, 1, 100001) as flow_run_state_name,
  state.timestamp as flow_run_state_timestamp, substr(state.message, 1, 100001) as flow_run_state_message
from json_each(?) as due join flow_run_notification_queue as queue on queue.id = due.value
left join flow_run_notification_policy as policy on policy.id = queue.flow_run_notification_policy_id
left join flow_run_state as state on state.id = queue.flow_run_state_id
left join flow_run as run on run.id = state.flow_run_id
-- the parameters, only if the template shows them
left join flow_run as named on named.id = run.id and policy.message_template like '%{flow_run_parameters%'
  and length(cast(named.parameters as text)) <= 1000000
left join flow on flow.id = run.flow_id
order by due.key;

-- takeNotifications
delete from "flow_run_notification_queue" where "flow_run_notification_queue"."id" in (select value from json_each(?));
