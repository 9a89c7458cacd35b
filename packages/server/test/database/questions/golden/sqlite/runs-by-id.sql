-- To see a plan, put "explain query plan" before a statement in sqlite3.

-- flowRuns
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
  "pool"."name" as "pool_name"
from "flow_run"
left join "flow_run_state" as "current" on "current"."id" = "flow_run"."state_id"
left join "artifact" on "artifact"."id" = "current"."result_artifact_id"
left join "work_queue" as "queue" on "queue"."id" = "flow_run"."work_queue_id"
left join "work_pool" as "pool" on "pool"."id" = "queue"."work_pool_id"
where "flow_run"."id" in (select value from json_each(?));

-- taskRuns
select "task_run"."id", "task_run"."created", "task_run"."updated", "task_run"."name", "task_run"."flow_run_id",
  "task_run"."task_key", "task_run"."dynamic_key", "task_run"."cache_key", "task_run"."cache_expiration",
  "task_run"."task_version", "task_run"."empirical_policy", "task_run"."tags", "task_run"."state_id",
  "task_run"."task_inputs", "task_run"."state_type", "task_run"."state_name", "task_run"."state_timestamp",
  "task_run"."run_count", "task_run"."flow_run_run_count", "task_run"."expected_start_time",
  "task_run"."next_scheduled_start_time", "task_run"."start_time", "task_run"."end_time", "task_run"."total_run_time",
  "current"."type" as "current_type", "current"."name" as "current_name", "current"."timestamp" as "current_timestamp",
  "current"."message" as "current_message", "current"."state_details" as "current_details", "current"."data" as
  "current_data", "artifact"."data" as "current_artifact_data"
from "task_run"
left join "task_run_state" as "current" on "current"."id" = "task_run"."state_id"
left join "artifact" on "artifact"."id" = "current"."result_artifact_id"
where "task_run"."id" in (select value from json_each(?));
