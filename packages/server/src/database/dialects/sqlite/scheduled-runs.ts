import { sqliteInterval } from '../../codecs/interval.ts';
import {
  keysOf,
  message,
  onceForEachKey,
  policy,
  runColumns,
  type ScheduledRuns,
  sentColumns,
  stateColumns,
} from '../scheduled-runs.ts';

const selectTaken = `
  select run.idempotency_key
  from json_each(?) as wanted
  join flow_run as run on run.flow_id = wanted.value ->> 0 and run.idempotency_key = wanted.value ->> 1`;

const insertRun = `
  insert into flow_run (${runColumns})
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'SCHEDULED', 'Scheduled', 1, '{}', '${policy}', '${sqliteInterval(0)}')
  ${onceForEachKey}`;

const selectInserted = `
  -- Which runs are new, read once for all: an insert that returns it costs twice as much.
  select id from flow_run where id in (select value from json_each(?))`;

const insertState = `
  insert into flow_run_state (${stateColumns})
  values (?, ?, ?, ?, ?, ?, 'SCHEDULED', 'Scheduled', '${message}', 'null')`;

const setStateIds = `
  update flow_run set state_id = pair.value
  -- an object of run ids and state ids
  from json_each(?) as pair
  where flow_run.id = pair.key`;

/** differs because SQLite has no round trips to save: short statements, one for each row. */
export const scheduledRunsInSqlite: ScheduledRuns = {
  atOnce: 50,
  takenKeys: async (session, wanted) => {
    const pairs = wanted.map(({ flow_id, idempotency_key }) => [flow_id, idempotency_key]);
    return keysOf(await session.ask({ sql: selectTaken, parameters: [JSON.stringify(pairs)] }));
  },
  insertRunsWithStates: async (session, pairs, now) => {
    for (const { run } of pairs) {
      const parameters = [...sentColumns.map((column) => run[column]), run.date, now, now];
      session.send({ sql: insertRun, parameters });
    }
    const sent = JSON.stringify(pairs.map(({ run }) => run.id));
    const inserted = await session.ask<{ id: string }>({ sql: selectInserted, parameters: [sent] });
    const ids = new Set(inserted.map(({ id }) => id));
    const states = pairs.map(({ state }) => state).filter(({ flow_run_id }) => ids.has(flow_run_id));
    if (states.length === 0) return 0;
    for (const { id, flow_run_id, state_details } of states) {
      session.send({ sql: insertState, parameters: [id, flow_run_id, state_details, now, now, now] });
    }
    const stateIds = Object.fromEntries(states.map(({ id, flow_run_id }) => [flow_run_id, id]));
    session.send({ sql: setStateIds, parameters: [JSON.stringify(stateIds)] });
    return states.length;
  },
};
