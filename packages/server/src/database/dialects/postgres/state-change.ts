import type { RunKind } from '@mintaka/contract';
import type { Writer } from '../../statements.ts';
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

const readFlowRun = selectFlowRun('run.id = $1');
const readFlowRuns = selectFlowRun('run.id = any(cast($1 as uuid[]))');
const lockScheduled = `
  select id from flow_run
  where id = any(cast($1 as uuid[])) and ${isScheduled}
  -- another transaction is about to change the state of those that it has locked
  for no key update skip locked`;
const readTaskRun = selectTaskRun('run.id = $1');
const readTaskRuns = selectTaskRun('run.id = any(cast($1 as uuid[]))');
const lockTaskRuns = `
  select from task_run where id = any(cast($1 as uuid[]))
  -- in one order: transactions that lock the same runs wait for each other, and never in a circle
  order by id for no key update`;
const insertTexts = { flow_run: insertOne('flow_run'), task_run: insertOne('task_run') };

const queueNotifications = `
  insert into flow_run_notification_queue (flow_run_notification_policy_id, flow_run_state_id)
  select policy.id, cast($1 as uuid)
  from flow_run_notification_policy as policy
  where policy.is_active
    -- an empty list matches every state, or every run
    and (policy.state_names = '[]' or policy.state_names ?| array(select jsonb_array_elements_text(cast($2 as jsonb))))
    and (policy.tags = '[]' or policy.tags ?| array(select jsonb_array_elements_text(cast($3 as jsonb))))`;

/** The statements of a state change. */
export const stateChangeInPostgres: StateChange = {
  flowRun: async (session, id) => {
    lock(session, 'flow_run', id);
    const [run] = await session.ask<FlowRunInTransition>({ sql: readFlowRun, parameters: [id] });
    return run;
  },
  scheduledFlowRuns: async (session, ids) => {
    const free = await session.ask<{ id: string }>({ sql: lockScheduled, parameters: [ids] });
    return session.ask({ sql: readFlowRuns, parameters: [free.map(({ id }) => id)] });
  },
  taskRun: async (session, id) => {
    lock(session, 'task_run', id);
    const [run] = await session.ask<TaskRunInTransition>({ sql: readTaskRun, parameters: [id] });
    return run;
  },
  taskRuns: (session, ids) => {
    session.send({ sql: lockTaskRuns, parameters: [ids] });
    return session.ask({ sql: readTaskRuns, parameters: [ids] });
  },
  insertState: (session, table, runId, state, now) =>
    session.send({ sql: insertTexts[table], parameters: stateValues(runId, state, now) }),
  updateRun: (session, table, runId, patch) =>
    session.send(updateOf(table, runId, patch, (number) => `$${number}`)),
  queueNotifications: (session, flowRun) =>
    session.send({ sql: queueNotifications, parameters: notificationValues(flowRun) }),
};

/**
 * differs because Postgres has many writers: the row is locked between reading and writing. The lock is a separate statement,
 * sent in the same round trip as the read: a read that locks and joins the state would, after waiting for the lock, still see
 * the states from before it waited, and miss the current one.
 */
function lock(session: Writer, table: RunKind, id: string): void {
  session.send({ sql: `select from ${table} where id = $1 for no key update`, parameters: [id] });
}

function insertOne(table: RunKind): string {
  return `${insertState(table)}
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`;
}
