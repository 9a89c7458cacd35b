import type { RunKind } from '@mintaka/contract';
import { isScheduled } from '../index-conditions.ts';
import {
  type FlowRunInTransition,
  insertState,
  notificationValues,
  type StateChange,
  selectFlowRun,
  selectTaskRun,
  stateValues,
  type TaskRunInTransition,
  updateOf,
} from '../state-change.ts';

const readFlowRun = selectFlowRun('run.id = ?');
const readScheduled = selectFlowRun(`run.id in (select value from json_each(?)) and run.${isScheduled}`);
const readTaskRun = selectTaskRun('run.id = ?');
const readTaskRuns = selectTaskRun('run.id in (select value from json_each(?))');
const insertTexts = { flow_run: insertOne('flow_run'), task_run: insertOne('task_run') };

const queueNotifications = `
  insert into flow_run_notification_queue (flow_run_notification_policy_id, flow_run_state_id)
  select policy.id, ?
  from flow_run_notification_policy as policy
  where policy.is_active = 1
    -- an empty list matches every state, or every run
    and (policy.state_names = '[]' or exists (
      select 1 from json_each(policy.state_names) as held where held.value in (select value from json_each(?))))
    and (policy.tags = '[]' or exists (
      select 1 from json_each(policy.tags) as held where held.value in (select value from json_each(?))))`;

/** The statements of a state change. SQLite has one writer, so nothing needs a lock. */
export const stateChangeInSqlite: StateChange = {
  flowRun: async (session, id) => {
    const [run] = await session.ask<FlowRunInTransition>({ sql: readFlowRun, parameters: [id] });
    return run;
  },
  scheduledFlowRuns: (session, ids) => session.ask({ sql: readScheduled, parameters: [JSON.stringify(ids)] }),
  taskRun: async (session, id) => {
    const [run] = await session.ask<TaskRunInTransition>({ sql: readTaskRun, parameters: [id] });
    return run;
  },
  taskRuns: (session, ids) => session.ask({ sql: readTaskRuns, parameters: [JSON.stringify(ids)] }),
  insertState: (session, table, runId, state, now) =>
    session.send({ sql: insertTexts[table], parameters: stateValues(runId, state, now) }),
  updateRun: (session, table, runId, patch) => session.send(updateOf(table, runId, patch, () => '?')),
  queueNotifications: (session, flowRun) =>
    session.send({ sql: queueNotifications, parameters: notificationValues(flowRun) }),
};

function insertOne(table: RunKind): string {
  return `${insertState(table)}
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
}
