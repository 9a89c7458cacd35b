-- To see a plan, put "explain query plan" before a statement in sqlite3.

-- fromPools
with
-- The pools that are not paused, with their free slots.
pool as materialized (
  select work_pool.id, case when work_pool.concurrency_limit is null then ? else min(?, max(0,
    work_pool.concurrency_limit - (
        select (select count(*) from flow_run where flow_run.work_queue_id in (select sibling.id from work_queue as
          sibling where sibling.work_pool_id = work_pool.id) and state_type IN ('PENDING', 'RUNNING', 'CANCELLING'))
        -- less the cancelling runs that were never claimed, if there are any in any queue
          - case when exists (select 1 from flow_run where flow_run.work_queue_id is not null and coalesce(state_type,
            'SCHEDULED') = 'CANCELLING'
            AND CASE WHEN start_time IS NULL THEN infrastructure_pid IS NULL ELSE false END)
          then (select count(*) from flow_run where flow_run.work_queue_id in (select sibling.id from work_queue as
            sibling where sibling.work_pool_id = work_pool.id) and coalesce(state_type, 'SCHEDULED') = 'CANCELLING'
            AND CASE WHEN start_time IS NULL THEN infrastructure_pid IS NULL ELSE false END and (
            select max(case when past.type = 'PENDING' then 1 else 0 end)
            from flow_run_state as past where past.flow_run_id = flow_run.id
          ) = 0) else 0 end))) end as free
  from work_pool
  where work_pool.is_paused = 0
    and work_pool.id = ? and work_pool.name = ?
),
-- Their queues that have a run, with their free slots.
queue as materialized (
  select pool.id as pool_id, pool.free as pool_free, work_queue.id as queue_id, work_queue.priority,
    case when work_queue.concurrency_limit is null then ? else min(?, max(0, work_queue.concurrency_limit - (
        select (select count(*) from flow_run where flow_run.work_queue_id = work_queue.id and state_type IN ('PENDING',
          'RUNNING', 'CANCELLING'))
        -- less the cancelling runs that were never claimed, if there are any in any queue
          - case when exists (select 1 from flow_run where flow_run.work_queue_id is not null and coalesce(state_type,
            'SCHEDULED') = 'CANCELLING'
            AND CASE WHEN start_time IS NULL THEN infrastructure_pid IS NULL ELSE false END)
          then (select count(*) from flow_run where flow_run.work_queue_id = work_queue.id and coalesce(state_type,
            'SCHEDULED') = 'CANCELLING'
            AND CASE WHEN start_time IS NULL THEN infrastructure_pid IS NULL ELSE false END and (
            select max(case when past.type = 'PENDING' then 1 else 0 end)
            from flow_run_state as past where past.flow_run_id = flow_run.id
          ) = 0) else 0 end))) end as queue_free
  from pool join work_queue on work_queue.work_pool_id = pool.id
  where pool.free > 0 and work_queue.is_paused = 0 and work_queue.id in (select value from json_each(?))
    and exists (
    select 1
    from flow_run
    where flow_run.work_queue_id = work_queue.id and state_type = 'SCHEDULED' and next_scheduled_start_time >= ? and
      next_scheduled_start_time <= ?)
)
select pool_id, queue_id, priority, pool_free, queue_free, exists (select 1 from mintaka_waiting_retry) as retries_wait
from queue
where queue_free > 0 order by pool_id, priority;

-- fromPools
-- Covered by the index: the rows are read later, only those that are returned.
select id, next_scheduled_start_time from flow_run
where work_queue_id = ? and state_type = 'SCHEDULED' and next_scheduled_start_time >= ? and next_scheduled_start_time <=
  ? and
  case when not exists (select 1 from mintaka_waiting_retry) or (
  select retry.run_id from mintaka_waiting_retry as retry
  where retry.run_id = flow_run.id and retry.due = flow_run.next_scheduled_start_time and retry.due > ?
) is null then 1 end is not null
order by next_scheduled_start_time, id limit cast(? as integer);

-- fromPools
select flow_run.id, flow_run.created, flow_run.updated, flow_run.name, flow_run.flow_id, flow_run.state_id,
  flow_run.deployment_id, flow_run.work_queue_name, flow_run.work_queue_id, flow_run.flow_version, flow_run.parameters,
  flow_run.idempotency_key, flow_run.context, flow_run.empirical_policy, flow_run.tags, flow_run.parent_task_run_id,
  flow_run.state_type, flow_run.state_name, flow_run.state_timestamp, flow_run.run_count, flow_run.expected_start_time,
  flow_run.next_scheduled_start_time, flow_run.start_time, flow_run.end_time, flow_run.total_run_time,
  flow_run.auto_scheduled, flow_run.infrastructure_document_id, flow_run.infrastructure_pid, flow_run.created_by, ? as
  pool_id, work_queue_id as queue_id
from flow_run
where work_queue_id = ? and state_type = 'SCHEDULED' and next_scheduled_start_time >= ? and next_scheduled_start_time <=
  ? and
  case when not exists (select 1 from mintaka_waiting_retry) or (
  select retry.run_id from mintaka_waiting_retry as retry
  where retry.run_id = flow_run.id and retry.due = flow_run.next_scheduled_start_time and retry.due > ?
) is null then 1 end is not null
-- cast: SQLite prepares a statement again each time a parameter is bound that is the whole limit
order by next_scheduled_start_time, id limit cast(? as integer);

-- fromPools
with
-- The pools that are not paused, with their free slots.
pool as materialized (
  select work_pool.id, case when work_pool.concurrency_limit is null then ? else min(?, max(0,
    work_pool.concurrency_limit - (
        select (select count(*) from flow_run where flow_run.work_queue_id in (select sibling.id from work_queue as
          sibling where sibling.work_pool_id = work_pool.id) and state_type IN ('PENDING', 'RUNNING', 'CANCELLING'))
        -- less the cancelling runs that were never claimed, if there are any in any queue
          - case when exists (select 1 from flow_run where flow_run.work_queue_id is not null and coalesce(state_type,
            'SCHEDULED') = 'CANCELLING'
            AND CASE WHEN start_time IS NULL THEN infrastructure_pid IS NULL ELSE false END)
          then (select count(*) from flow_run where flow_run.work_queue_id in (select sibling.id from work_queue as
            sibling where sibling.work_pool_id = work_pool.id) and coalesce(state_type, 'SCHEDULED') = 'CANCELLING'
            AND CASE WHEN start_time IS NULL THEN infrastructure_pid IS NULL ELSE false END and (
            select max(case when past.type = 'PENDING' then 1 else 0 end)
            from flow_run_state as past where past.flow_run_id = flow_run.id
          ) = 0) else 0 end))) end as free
  from work_pool
  where work_pool.is_paused = 0
),
-- Their queues that have a run, with their free slots.
queue as materialized (
  select pool.id as pool_id, pool.free as pool_free, work_queue.id as queue_id, work_queue.priority,
    case when work_queue.concurrency_limit is null then ? else min(?, max(0, work_queue.concurrency_limit - (
        select (select count(*) from flow_run where flow_run.work_queue_id = work_queue.id and state_type IN ('PENDING',
          'RUNNING', 'CANCELLING'))
        -- less the cancelling runs that were never claimed, if there are any in any queue
          - case when exists (select 1 from flow_run where flow_run.work_queue_id is not null and coalesce(state_type,
            'SCHEDULED') = 'CANCELLING'
            AND CASE WHEN start_time IS NULL THEN infrastructure_pid IS NULL ELSE false END)
          then (select count(*) from flow_run where flow_run.work_queue_id = work_queue.id and coalesce(state_type,
            'SCHEDULED') = 'CANCELLING'
            AND CASE WHEN start_time IS NULL THEN infrastructure_pid IS NULL ELSE false END and (
            select max(case when past.type = 'PENDING' then 1 else 0 end)
            from flow_run_state as past where past.flow_run_id = flow_run.id
          ) = 0) else 0 end))) end as queue_free
  from pool join work_queue on work_queue.work_pool_id = pool.id
  where pool.free > 0 and work_queue.is_paused = 0
    and exists (
    select 1
    from flow_run
    where flow_run.work_queue_id = work_queue.id and state_type = 'SCHEDULED' and next_scheduled_start_time >= ? and
      next_scheduled_start_time <= ?)
)
select pool_id, queue_id, priority, pool_free, queue_free, exists (select 1 from mintaka_waiting_retry) as retries_wait
from queue
where queue_free > 0 order by pool_id, priority;

-- fromPools
-- Covered by the index: the rows are read later, only those that are returned.
select id, next_scheduled_start_time from flow_run
where work_queue_id = ? and state_type = 'SCHEDULED' and next_scheduled_start_time >= ? and next_scheduled_start_time <=
  ?
order by next_scheduled_start_time, id limit cast(? as integer);

-- fromPools
select flow_run.id, flow_run.created, flow_run.updated, flow_run.name, flow_run.flow_id, flow_run.state_id,
  flow_run.deployment_id, flow_run.work_queue_name, flow_run.work_queue_id, flow_run.flow_version, flow_run.parameters,
  flow_run.idempotency_key, flow_run.context, flow_run.empirical_policy, flow_run.tags, flow_run.parent_task_run_id,
  flow_run.state_type, flow_run.state_name, flow_run.state_timestamp, flow_run.run_count, flow_run.expected_start_time,
  flow_run.next_scheduled_start_time, flow_run.start_time, flow_run.end_time, flow_run.total_run_time,
  flow_run.auto_scheduled, flow_run.infrastructure_document_id, flow_run.infrastructure_pid, flow_run.created_by, ? as
  pool_id, work_queue_id as queue_id
from flow_run
where work_queue_id = ? and state_type = 'SCHEDULED' and next_scheduled_start_time >= ? and next_scheduled_start_time <=
  ?
-- cast: SQLite prepares a statement again each time a parameter is bound that is the whole limit
order by next_scheduled_start_time, id limit cast(? as integer);

-- fromQueues
-- The queues that are not paused, with their free slots.
select work_queue.id, work_queue.name, case when work_queue.concurrency_limit is null then ? else min(?, max(0,
  work_queue.concurrency_limit - (
      select (select count(*) from flow_run where flow_run.work_queue_name = work_queue.name and state_type IN
        ('PENDING', 'RUNNING', 'CANCELLING'))
      -- less the cancelling runs that were never claimed, if there are any in any queue
        - case when exists (select 1 from flow_run where flow_run.work_queue_name is not null and coalesce(state_type,
          'SCHEDULED') = 'CANCELLING'
          AND CASE WHEN start_time IS NULL THEN infrastructure_pid IS NULL ELSE false END)
        then (select count(*) from flow_run where flow_run.work_queue_name = work_queue.name and coalesce(state_type,
          'SCHEDULED') = 'CANCELLING'
          AND CASE WHEN start_time IS NULL THEN infrastructure_pid IS NULL ELSE false END and (
          select max(case when past.type = 'PENDING' then 1 else 0 end)
          from flow_run_state as past where past.flow_run_id = flow_run.id
        ) = 0) else 0 end))) end as free,
  exists (select 1 from mintaka_waiting_retry) as retries_wait
from work_queue
where work_queue.is_paused = 0 and work_queue.id in (select value from json_each(?));

-- fromQueues
select "flow_run"."id", "flow_run"."created", "flow_run"."updated", "flow_run"."name", "flow_run"."flow_id",
  "flow_run"."state_id", "flow_run"."deployment_id", "flow_run"."work_queue_name", "flow_run"."work_queue_id",
  "flow_run"."flow_version", "flow_run"."parameters", "flow_run"."idempotency_key", "flow_run"."context",
  "flow_run"."empirical_policy", "flow_run"."tags", "flow_run"."parent_task_run_id", "flow_run"."state_type",
  "flow_run"."state_name", "flow_run"."state_timestamp", "flow_run"."run_count", "flow_run"."expected_start_time",
  "flow_run"."next_scheduled_start_time", "flow_run"."start_time", "flow_run"."end_time", "flow_run"."total_run_time",
  "flow_run"."auto_scheduled", "flow_run"."infrastructure_document_id", "flow_run"."infrastructure_pid",
  "flow_run"."created_by", "current"."type" as "current_type", "current"."name" as "current_name", "current"."timestamp"
  as "current_timestamp", "current"."message" as "current_message", "current"."state_details" as "current_details",
  "current"."data" as "current_data", "artifact"."data" as "current_artifact_data", "queue"."name" as "queue_name",
  "pool"."name" as "pool_name", "chosen"."queue_id"
from "flow_run"
left join "flow_run_state" as "current" on "current"."id" = "flow_run"."state_id"
left join "artifact" on "artifact"."id" = "current"."result_artifact_id"
left join "work_queue" as "queue" on "queue"."id" = "flow_run"."work_queue_id"
left join "work_pool" as "pool" on "pool"."id" = "queue"."work_pool_id"
inner join (
  -- the next runs of one queue, along the index by name
  select id as run_id, ? as queue_id
  from flow_run
  where work_queue_name = ? and state_type = 'SCHEDULED' and next_scheduled_start_time <= ? and
    case when not exists (select 1 from mintaka_waiting_retry) or (
    select retry.run_id from mintaka_waiting_retry as retry
    where retry.run_id = flow_run.id and retry.due = flow_run.next_scheduled_start_time and retry.due > ?
  ) is null then 1 end is not null
  order by next_scheduled_start_time, id limit cast(? as integer)
) as "chosen" on "chosen"."run_id" = "flow_run"."id" order by "flow_run"."next_scheduled_start_time", "flow_run"."id";

-- fromQueues
-- The queues that are not paused, with their free slots.
select work_queue.id, work_queue.name, case when work_queue.concurrency_limit is null then ? else min(?, max(0,
  work_queue.concurrency_limit - (
      select (select count(*) from flow_run where flow_run.work_queue_name = work_queue.name and state_type IN
        ('PENDING', 'RUNNING', 'CANCELLING'))
      -- less the cancelling runs that were never claimed, if there are any in any queue
        - case when exists (select 1 from flow_run where flow_run.work_queue_name is not null and coalesce(state_type,
          'SCHEDULED') = 'CANCELLING'
          AND CASE WHEN start_time IS NULL THEN infrastructure_pid IS NULL ELSE false END)
        then (select count(*) from flow_run where flow_run.work_queue_name = work_queue.name and coalesce(state_type,
          'SCHEDULED') = 'CANCELLING'
          AND CASE WHEN start_time IS NULL THEN infrastructure_pid IS NULL ELSE false END and (
          select max(case when past.type = 'PENDING' then 1 else 0 end)
          from flow_run_state as past where past.flow_run_id = flow_run.id
        ) = 0) else 0 end))) end as free,
  exists (select 1 from mintaka_waiting_retry) as retries_wait
from work_queue
where work_queue.is_paused = 0;

-- fromQueues
select "flow_run"."id", "flow_run"."created", "flow_run"."updated", "flow_run"."name", "flow_run"."flow_id",
  "flow_run"."state_id", "flow_run"."deployment_id", "flow_run"."work_queue_name", "flow_run"."work_queue_id",
  "flow_run"."flow_version", "flow_run"."parameters", "flow_run"."idempotency_key", "flow_run"."context",
  "flow_run"."empirical_policy", "flow_run"."tags", "flow_run"."parent_task_run_id", "flow_run"."state_type",
  "flow_run"."state_name", "flow_run"."state_timestamp", "flow_run"."run_count", "flow_run"."expected_start_time",
  "flow_run"."next_scheduled_start_time", "flow_run"."start_time", "flow_run"."end_time", "flow_run"."total_run_time",
  "flow_run"."auto_scheduled", "flow_run"."infrastructure_document_id", "flow_run"."infrastructure_pid",
  "flow_run"."created_by", "current"."type" as "current_type", "current"."name" as "current_name", "current"."timestamp"
  as "current_timestamp", "current"."message" as "current_message", "current"."state_details" as "current_details",
  "current"."data" as "current_data", "artifact"."data" as "current_artifact_data", "queue"."name" as "queue_name",
  "pool"."name" as "pool_name", "chosen"."queue_id"
from "flow_run"
left join "flow_run_state" as "current" on "current"."id" = "flow_run"."state_id"
left join "artifact" on "artifact"."id" = "current"."result_artifact_id"
left join "work_queue" as "queue" on "queue"."id" = "flow_run"."work_queue_id"
left join "work_pool" as "pool" on "pool"."id" = "queue"."work_pool_id"
inner join (
  -- the next runs of one queue, along the index by name
  select id as run_id, ? as queue_id
  from flow_run
  where work_queue_name = ? and state_type = 'SCHEDULED' and next_scheduled_start_time <= ?
  order by next_scheduled_start_time, id limit cast(? as integer)
) as "chosen" on "chosen"."run_id" = "flow_run"."id" order by "flow_run"."next_scheduled_start_time", "flow_run"."id";

-- nextDue
select
  (select min(first.due) from (
    select (
      select min(flow_run.next_scheduled_start_time) from flow_run
      where flow_run.work_queue_id = work_queue.id and state_type = 'SCHEDULED'
        and flow_run.next_scheduled_start_time > ?
    ) as due
    from work_queue where not work_queue.is_paused and work_queue.id in (select value from json_each(?))
  ) as first) as due,
  (select min(due) from mintaka_waiting_retry where due > ?) as retry;

-- takenSlots
select (
  select (select count(*) from flow_run where flow_run.work_queue_id = work_queue.id and state_type IN ('PENDING',
    'RUNNING', 'CANCELLING'))
  -- less the cancelling runs that were never claimed, if there are any in any queue
    - case when exists (select 1 from flow_run where flow_run.work_queue_id is not null and coalesce(state_type,
      'SCHEDULED') = 'CANCELLING'
      AND CASE WHEN start_time IS NULL THEN infrastructure_pid IS NULL ELSE false END)
    then (select count(*) from flow_run where flow_run.work_queue_id = work_queue.id and coalesce(state_type,
      'SCHEDULED') = 'CANCELLING'
      AND CASE WHEN start_time IS NULL THEN infrastructure_pid IS NULL ELSE false END and (
      select max(case when past.type = 'PENDING' then 1 else 0 end)
      from flow_run_state as past where past.flow_run_id = flow_run.id
    ) = 0) else 0 end) as queue, (
  select (select count(*) from flow_run where flow_run.work_queue_id in (select sibling.id from work_queue as sibling
    where sibling.work_pool_id = work_pool.id) and state_type IN ('PENDING', 'RUNNING', 'CANCELLING'))
  -- less the cancelling runs that were never claimed, if there are any in any queue
    - case when exists (select 1 from flow_run where flow_run.work_queue_id is not null and coalesce(state_type,
      'SCHEDULED') = 'CANCELLING'
      AND CASE WHEN start_time IS NULL THEN infrastructure_pid IS NULL ELSE false END)
    then (select count(*) from flow_run where flow_run.work_queue_id in (select sibling.id from work_queue as sibling
      where sibling.work_pool_id = work_pool.id) and coalesce(state_type, 'SCHEDULED') = 'CANCELLING'
      AND CASE WHEN start_time IS NULL THEN infrastructure_pid IS NULL ELSE false END and (
      select max(case when past.type = 'PENDING' then 1 else 0 end)
      from flow_run_state as past where past.flow_run_id = flow_run.id
    ) = 0) else 0 end) as pool
from work_queue join work_pool on work_pool.id = work_queue.work_pool_id
where work_queue.id = ?;
