-- To see a plan, put "explain (generic_plan)" before a statement in psql, from Postgres 16 on.

-- fromPools
with recursive
-- The parameters in a table of one row. The planner does not see their values, so one generic plan serves all polls;
-- planning each poll again takes several times as long as the poll.
demand as materialized (
  select cast($1 as uuid[]) as pools, cast($2 as text[]) as pool_names, cast($3 as uuid[]) as queues,
    cast($4 as bigint) as runs, cast($5 as bigint) as pool_runs, cast($6 as bigint) as queue_runs , cast($7 as
      timestamptz) as earliest, cast($8 as timestamptz) as latest, cast($9 as timestamptz) as held_after
),
-- The pools that are not paused, with their free slots.
pool as materialized (
  select work_pool.id, least((select pool_runs from demand), case when work_pool.concurrency_limit is not null then
    greatest(0, work_pool.concurrency_limit - (
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
          ) = 0) else 0 end)) end) as free
  from work_pool
  where not work_pool.is_paused and ((select pools from demand) is null or work_pool.id = any(cast((select pools from
    demand) as uuid[])))
    and ((select pool_names from demand) is null or work_pool.name = any(cast((select pool_names from demand) as
      text[])))
),
-- Their queues that have a free slot and a run. Queues of the same priority share a place in their pool.
queue as materialized (
  select work_queue.id, work_queue.work_pool_id, slots.free,
    dense_rank() over (partition by work_queue.work_pool_id order by work_queue.priority) as place
  from work_queue join pool on pool.id = work_queue.work_pool_id
  -- offset 0: computes the slots once, not once for each mention of slots.free
  cross join lateral (
    select least((select queue_runs from demand), case when work_queue.concurrency_limit is not null then greatest(0,
      work_queue.concurrency_limit - (
          select (select count(*) from flow_run where flow_run.work_queue_id = work_queue.id and state_type IN
            ('PENDING', 'RUNNING', 'CANCELLING'))
          -- less the cancelling runs that were never claimed, if there are any in any queue
            - case when exists (select 1 from flow_run where flow_run.work_queue_id is not null and coalesce(state_type,
              'SCHEDULED') = 'CANCELLING'
              AND CASE WHEN start_time IS NULL THEN infrastructure_pid IS NULL ELSE false END)
            then (select count(*) from flow_run where flow_run.work_queue_id = work_queue.id and coalesce(state_type,
              'SCHEDULED') = 'CANCELLING'
              AND CASE WHEN start_time IS NULL THEN infrastructure_pid IS NULL ELSE false END and (
              select max(case when past.type = 'PENDING' then 1 else 0 end)
              from flow_run_state as past where past.flow_run_id = flow_run.id
            ) = 0) else 0 end)) end) as free offset 0
  ) as slots
  where not work_queue.is_paused and ((select queues from demand) is null or work_queue.id = any(cast((select queues
    from demand) as uuid[]))) and slots.free > 0
  -- any(array[…]): probes the index once for each queue, instead of collecting the waiting runs of all queues
    and exists (
    select
    from flow_run
    where flow_run.work_queue_id = any(array[work_queue.id]) and state_type = 'SCHEDULED' and
      flow_run.next_scheduled_start_time >= (select earliest from demand) and flow_run.next_scheduled_start_time <=
      (select latest from demand))
),
-- Visits the places of each pool in order, until there are enough runs; later places are never read.
walk as (
  select pool.id as pool_id, cast(0 as bigint) as place, pool.free as missing, cast('{}' as uuid[]) as run_ids
  from pool
  union all
  select walk.pool_id, walk.place + 1, walk.missing - cardinality(step.run_ids), step.run_ids
  from walk cross join lateral (
    select array(
      select run.id
      from queue cross join lateral (
        -- the next runs of one queue, along its index
        select flow_run.id, flow_run.next_scheduled_start_time
        from flow_run
        where flow_run.work_queue_id = queue.id and state_type = 'SCHEDULED' and flow_run.next_scheduled_start_time >=
          (select earliest from demand) and flow_run.next_scheduled_start_time <= (select latest from demand) and
          case when not exists (select 1 from mintaka_waiting_retry) or (
          select retry.run_id from mintaka_waiting_retry as retry
          where retry.run_id = flow_run.id and retry.due = flow_run.next_scheduled_start_time and retry.due > (select
            held_after from demand)
        ) is null then 1 end is not null
        order by flow_run.next_scheduled_start_time, flow_run.id
        limit least(queue.free, walk.missing)
      ) as run
      where queue.work_pool_id = walk.pool_id and queue.place = walk.place + 1
      order by run.next_scheduled_start_time, run.id
      limit walk.missing
    ) as run_ids
    -- offset 0: takes the step once, not once for each mention of step.run_ids
    offset 0
  ) as step
  where walk.missing > 0
    and walk.place < (select max(queue.place) from queue where queue.work_pool_id = walk.pool_id)
)
select flow_run.id, flow_run.created, flow_run.updated, flow_run.name, flow_run.flow_id, flow_run.state_id,
  flow_run.deployment_id, flow_run.work_queue_name, flow_run.work_queue_id, flow_run.flow_version, flow_run.parameters,
  flow_run.idempotency_key, flow_run.context, flow_run.empirical_policy, flow_run.tags, flow_run.parent_task_run_id,
  flow_run.state_type, flow_run.state_name, flow_run.state_timestamp, flow_run.run_count, flow_run.expected_start_time,
  flow_run.next_scheduled_start_time, flow_run.start_time, flow_run.end_time, flow_run.total_run_time,
  flow_run.auto_scheduled, flow_run.infrastructure_document_id, flow_run.infrastructure_pid, flow_run.created_by,
  work_queue.work_pool_id as pool_id, work_queue.id as queue_id
from walk cross join unnest(walk.run_ids) as chosen(run_id)
-- offset 0: fetches the rows one by one by their ids, even if the planner would rather read a small table as a whole
cross join lateral (select flow_run.id, flow_run.created, flow_run.updated, flow_run.name, flow_run.flow_id,
  flow_run.state_id, flow_run.deployment_id, flow_run.work_queue_name, flow_run.work_queue_id, flow_run.flow_version,
  flow_run.parameters, flow_run.idempotency_key, flow_run.context, flow_run.empirical_policy, flow_run.tags,
  flow_run.parent_task_run_id, flow_run.state_type, flow_run.state_name, flow_run.state_timestamp, flow_run.run_count,
  flow_run.expected_start_time, flow_run.next_scheduled_start_time, flow_run.start_time, flow_run.end_time,
  flow_run.total_run_time, flow_run.auto_scheduled, flow_run.infrastructure_document_id, flow_run.infrastructure_pid,
  flow_run.created_by from flow_run where flow_run.id = chosen.run_id offset 0) as flow_run
join work_queue on work_queue.id = flow_run.work_queue_id
order by work_queue.priority, flow_run.next_scheduled_start_time, flow_run.id
limit (select runs from demand);

-- fromPools
with recursive
-- The parameters in a table of one row. The planner does not see their values, so one generic plan serves all polls;
-- planning each poll again takes several times as long as the poll.
demand as materialized (
  select cast($1 as uuid[]) as pools, cast($2 as text[]) as pool_names, cast($3 as uuid[]) as queues,
    cast($4 as bigint) as runs, cast($5 as bigint) as pool_runs, cast($6 as bigint) as queue_runs , cast($7 as
      timestamptz) as earliest, cast($8 as timestamptz) as latest
),
-- The pools that are not paused, with their free slots.
pool as materialized (
  select work_pool.id, least((select pool_runs from demand), case when work_pool.concurrency_limit is not null then
    greatest(0, work_pool.concurrency_limit - (
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
          ) = 0) else 0 end)) end) as free
  from work_pool
  where not work_pool.is_paused and ((select pools from demand) is null or work_pool.id = any(cast((select pools from
    demand) as uuid[])))
    and ((select pool_names from demand) is null or work_pool.name = any(cast((select pool_names from demand) as
      text[])))
),
-- Their queues that have a free slot and a run. Queues of the same priority share a place in their pool.
queue as materialized (
  select work_queue.id, work_queue.work_pool_id, slots.free,
    dense_rank() over (partition by work_queue.work_pool_id order by work_queue.priority) as place
  from work_queue join pool on pool.id = work_queue.work_pool_id
  -- offset 0: computes the slots once, not once for each mention of slots.free
  cross join lateral (
    select least((select queue_runs from demand), case when work_queue.concurrency_limit is not null then greatest(0,
      work_queue.concurrency_limit - (
          select (select count(*) from flow_run where flow_run.work_queue_id = work_queue.id and state_type IN
            ('PENDING', 'RUNNING', 'CANCELLING'))
          -- less the cancelling runs that were never claimed, if there are any in any queue
            - case when exists (select 1 from flow_run where flow_run.work_queue_id is not null and coalesce(state_type,
              'SCHEDULED') = 'CANCELLING'
              AND CASE WHEN start_time IS NULL THEN infrastructure_pid IS NULL ELSE false END)
            then (select count(*) from flow_run where flow_run.work_queue_id = work_queue.id and coalesce(state_type,
              'SCHEDULED') = 'CANCELLING'
              AND CASE WHEN start_time IS NULL THEN infrastructure_pid IS NULL ELSE false END and (
              select max(case when past.type = 'PENDING' then 1 else 0 end)
              from flow_run_state as past where past.flow_run_id = flow_run.id
            ) = 0) else 0 end)) end) as free offset 0
  ) as slots
  where not work_queue.is_paused and ((select queues from demand) is null or work_queue.id = any(cast((select queues
    from demand) as uuid[]))) and slots.free > 0
  -- any(array[…]): probes the index once for each queue, instead of collecting the waiting runs of all queues
    and exists (
    select
    from flow_run
    where flow_run.work_queue_id = any(array[work_queue.id]) and state_type = 'SCHEDULED' and
      flow_run.next_scheduled_start_time >= (select earliest from demand) and flow_run.next_scheduled_start_time <=
      (select latest from demand))
),
-- Visits the places of each pool in order, until there are enough runs; later places are never read.
walk as (
  select pool.id as pool_id, cast(0 as bigint) as place, pool.free as missing, cast('{}' as uuid[]) as run_ids
  from pool
  union all
  select walk.pool_id, walk.place + 1, walk.missing - cardinality(step.run_ids), step.run_ids
  from walk cross join lateral (
    select array(
      select run.id
      from queue cross join lateral (
        -- the next runs of one queue, along its index
        select flow_run.id, flow_run.next_scheduled_start_time
        from flow_run
        where flow_run.work_queue_id = queue.id and state_type = 'SCHEDULED' and flow_run.next_scheduled_start_time >=
          (select earliest from demand) and flow_run.next_scheduled_start_time <= (select latest from demand)
        order by flow_run.next_scheduled_start_time, flow_run.id
        limit least(queue.free, walk.missing)
      ) as run
      where queue.work_pool_id = walk.pool_id and queue.place = walk.place + 1
      order by run.next_scheduled_start_time, run.id
      limit walk.missing
    ) as run_ids
    -- offset 0: takes the step once, not once for each mention of step.run_ids
    offset 0
  ) as step
  where walk.missing > 0
    and walk.place < (select max(queue.place) from queue where queue.work_pool_id = walk.pool_id)
)
select flow_run.id, flow_run.created, flow_run.updated, flow_run.name, flow_run.flow_id, flow_run.state_id,
  flow_run.deployment_id, flow_run.work_queue_name, flow_run.work_queue_id, flow_run.flow_version, flow_run.parameters,
  flow_run.idempotency_key, flow_run.context, flow_run.empirical_policy, flow_run.tags, flow_run.parent_task_run_id,
  flow_run.state_type, flow_run.state_name, flow_run.state_timestamp, flow_run.run_count, flow_run.expected_start_time,
  flow_run.next_scheduled_start_time, flow_run.start_time, flow_run.end_time, flow_run.total_run_time,
  flow_run.auto_scheduled, flow_run.infrastructure_document_id, flow_run.infrastructure_pid, flow_run.created_by,
  work_queue.work_pool_id as pool_id, work_queue.id as queue_id
from walk cross join unnest(walk.run_ids) as chosen(run_id)
-- offset 0: fetches the rows one by one by their ids, even if the planner would rather read a small table as a whole
cross join lateral (select flow_run.id, flow_run.created, flow_run.updated, flow_run.name, flow_run.flow_id,
  flow_run.state_id, flow_run.deployment_id, flow_run.work_queue_name, flow_run.work_queue_id, flow_run.flow_version,
  flow_run.parameters, flow_run.idempotency_key, flow_run.context, flow_run.empirical_policy, flow_run.tags,
  flow_run.parent_task_run_id, flow_run.state_type, flow_run.state_name, flow_run.state_timestamp, flow_run.run_count,
  flow_run.expected_start_time, flow_run.next_scheduled_start_time, flow_run.start_time, flow_run.end_time,
  flow_run.total_run_time, flow_run.auto_scheduled, flow_run.infrastructure_document_id, flow_run.infrastructure_pid,
  flow_run.created_by from flow_run where flow_run.id = chosen.run_id offset 0) as flow_run
join work_queue on work_queue.id = flow_run.work_queue_id
order by work_queue.priority, flow_run.next_scheduled_start_time, flow_run.id
limit (select runs from demand);

-- fromQueues
with
-- The parameters, hidden from the planner; see the statement for pools.
demand as materialized (
  select cast($1 as bigint) as queue_runs, cast($2 as uuid[]) as queues , cast($3 as timestamptz) as latest, cast($4 as
    timestamptz) as held_after
),
-- The queues that are not paused, with their free slots.
queue as materialized (
  select work_queue.id, work_queue.name, least((select queue_runs from demand), case when work_queue.concurrency_limit
    is not null then greatest(0, work_queue.concurrency_limit - (
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
          ) = 0) else 0 end)) end) as free
  from work_queue
  where not work_queue.is_paused and ((select queues from demand) is null or work_queue.id = any(cast((select queues
    from demand) as uuid[])))
)
select run.*, chosen.queue_id
from (
  select next.id as run_id, queue.id as queue_id
  from queue cross join lateral (
    -- the next runs of one queue, along the index by name
    select flow_run.id
    from flow_run
    where flow_run.work_queue_name = queue.name and state_type = 'SCHEDULED' and flow_run.next_scheduled_start_time <=
      (select latest from demand) and
      case when not exists (select 1 from mintaka_waiting_retry) or (
      select retry.run_id from mintaka_waiting_retry as retry
      where retry.run_id = flow_run.id and retry.due = flow_run.next_scheduled_start_time and retry.due > (select
        held_after from demand)
    ) is null then 1 end is not null
    order by flow_run.next_scheduled_start_time, flow_run.id
    limit queue.free
  ) as next
) as chosen
-- offset 0: fetches the rows one by one by their ids; the planner cannot know how few they are, and would join whole tables
cross join lateral (select "flow_run"."id", "flow_run"."created", "flow_run"."updated", "flow_run"."name",
  "flow_run"."flow_id", "flow_run"."state_id", "flow_run"."deployment_id", "flow_run"."work_queue_name",
  "flow_run"."work_queue_id", "flow_run"."flow_version", "flow_run"."parameters", "flow_run"."idempotency_key",
  "flow_run"."context", "flow_run"."empirical_policy", "flow_run"."tags", "flow_run"."parent_task_run_id",
  "flow_run"."state_type", "flow_run"."state_name", "flow_run"."state_timestamp", "flow_run"."run_count",
  "flow_run"."expected_start_time", "flow_run"."next_scheduled_start_time", "flow_run"."start_time",
  "flow_run"."end_time", "flow_run"."total_run_time", "flow_run"."auto_scheduled",
  "flow_run"."infrastructure_document_id", "flow_run"."infrastructure_pid", "flow_run"."created_by", "current"."type" as
  "current_type", "current"."name" as "current_name", "current"."timestamp" as "current_timestamp", "current"."message"
  as "current_message", "current"."state_details" as "current_details", "current"."data" as "current_data",
  "artifact"."data" as "current_artifact_data", "queue"."name" as "queue_name", "pool"."name" as "pool_name" from
  "flow_run" left join "flow_run_state" as "current" on "current"."id" = "flow_run"."state_id" left join "artifact" on
  "artifact"."id" = "current"."result_artifact_id" left join "work_queue" as "queue" on "queue"."id" =
  "flow_run"."work_queue_id" left join "work_pool" as "pool" on "pool"."id" = "queue"."work_pool_id" where
  "flow_run"."id" = "chosen"."run_id" offset 0) as run
order by run.next_scheduled_start_time, run.id;

-- fromQueues
with
-- The parameters, hidden from the planner; see the statement for pools.
demand as materialized (
  select cast($1 as bigint) as queue_runs, cast($2 as uuid[]) as queues , cast($3 as timestamptz) as latest
),
-- The queues that are not paused, with their free slots.
queue as materialized (
  select work_queue.id, work_queue.name, least((select queue_runs from demand), case when work_queue.concurrency_limit
    is not null then greatest(0, work_queue.concurrency_limit - (
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
          ) = 0) else 0 end)) end) as free
  from work_queue
  where not work_queue.is_paused and ((select queues from demand) is null or work_queue.id = any(cast((select queues
    from demand) as uuid[])))
)
select run.*, chosen.queue_id
from (
  select next.id as run_id, queue.id as queue_id
  from queue cross join lateral (
    -- the next runs of one queue, along the index by name
    select flow_run.id
    from flow_run
    where flow_run.work_queue_name = queue.name and state_type = 'SCHEDULED' and flow_run.next_scheduled_start_time <=
      (select latest from demand)
    order by flow_run.next_scheduled_start_time, flow_run.id
    limit queue.free
  ) as next
) as chosen
-- offset 0: fetches the rows one by one by their ids; the planner cannot know how few they are, and would join whole tables
cross join lateral (select "flow_run"."id", "flow_run"."created", "flow_run"."updated", "flow_run"."name",
  "flow_run"."flow_id", "flow_run"."state_id", "flow_run"."deployment_id", "flow_run"."work_queue_name",
  "flow_run"."work_queue_id", "flow_run"."flow_version", "flow_run"."parameters", "flow_run"."idempotency_key",
  "flow_run"."context", "flow_run"."empirical_policy", "flow_run"."tags", "flow_run"."parent_task_run_id",
  "flow_run"."state_type", "flow_run"."state_name", "flow_run"."state_timestamp", "flow_run"."run_count",
  "flow_run"."expected_start_time", "flow_run"."next_scheduled_start_time", "flow_run"."start_time",
  "flow_run"."end_time", "flow_run"."total_run_time", "flow_run"."auto_scheduled",
  "flow_run"."infrastructure_document_id", "flow_run"."infrastructure_pid", "flow_run"."created_by", "current"."type" as
  "current_type", "current"."name" as "current_name", "current"."timestamp" as "current_timestamp", "current"."message"
  as "current_message", "current"."state_details" as "current_details", "current"."data" as "current_data",
  "artifact"."data" as "current_artifact_data", "queue"."name" as "queue_name", "pool"."name" as "pool_name" from
  "flow_run" left join "flow_run_state" as "current" on "current"."id" = "flow_run"."state_id" left join "artifact" on
  "artifact"."id" = "current"."result_artifact_id" left join "work_queue" as "queue" on "queue"."id" =
  "flow_run"."work_queue_id" left join "work_pool" as "pool" on "pool"."id" = "queue"."work_pool_id" where
  "flow_run"."id" = "chosen"."run_id" offset 0) as run
order by run.next_scheduled_start_time, run.id;

-- nextDue
select
  (select min(first.due) from (
    select (
      select min(flow_run.next_scheduled_start_time) from flow_run
      where flow_run.work_queue_id = work_queue.id and state_type = 'SCHEDULED'
        and flow_run.next_scheduled_start_time > $1
    ) as due
    from work_queue where not work_queue.is_paused and work_queue.id = any(cast($2 as uuid[]))
  ) as first) as due,
  (select min(due) from mintaka_waiting_retry where due > $3) as retry;

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
where work_queue.id = $1;
