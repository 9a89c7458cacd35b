-- To see a plan, put "explain (generic_plan)" before a statement in psql, from Postgres 16 on.

-- takeNotifications
with
-- The rows that waited longest and were never taken or whose lease has ended. Several servers share the queue: each skips
-- the rows that another is taking.
due as (
  select id, updated from flow_run_notification_queue
  where (updated = created or updated <= cast($1 as timestamptz))
  order by updated, id limit $3
  for update skip locked
),
-- Takes them until the lease ends.
queue as (
  update flow_run_notification_queue as row set created = case when row.updated = row.created then $1 else row.created
    end, updated = $2
  from due where row.id = due.id
  returning row.id, row.created, row.flow_run_notification_policy_id, row.flow_run_state_id, due.updated as
    waiting_since
)
select
  queue.id as queue_id, queue.created as first_taken, policy.id as flow_run_notification_policy_id,
  substr(policy.message_template, 1, 100001) as message_template, policy.block_document_id, flow.id as flow_id,
  substr(flow.name, 1, 100001) as flow_name, run.id as flow_run_id, substr(run.name, 1, 100001) as flow_run_name,
  named.parameters as flow_run_parameters,
  state.type as flow_run_state_type, substr(state.name, 1, 100001) as flow_run_state_name,
  state.timestamp as flow_run_state_timestamp, substr(state.message, 1, 100001) as flow_run_state_message from queue
left join flow_run_notification_policy as policy on policy.id = queue.flow_run_notification_policy_id
left join flow_run_state as state on state.id = queue.flow_run_state_id
left join flow_run as run on run.id = state.flow_run_id
-- the parameters, only if the template shows them
left join flow_run as named on named.id = run.id and policy.message_template like '%{flow_run_parameters%'
  and length(cast(named.parameters as text)) <= 1000000
left join flow on flow.id = run.flow_id
order by queue.waiting_since, queue.id;

-- takeNotifications
delete from "flow_run_notification_queue" where "flow_run_notification_queue"."id" = any($1);
