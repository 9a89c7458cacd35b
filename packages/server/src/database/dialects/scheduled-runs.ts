import type { Timestamp } from '@mintaka/contract';
import { postgresInterval, sqliteInterval } from '../codecs/interval.ts';
import type { Reader, Writer } from '../statements.ts';

/** A run that a schedule makes. JSON is text. */
export type NewScheduledRun = {
  id: string;
  name: string;
  flow_id: string;
  deployment_id: string;
  work_queue_name: string | null;
  work_queue_id: string | null;
  infrastructure_document_id: string | null;
  parameters: string;
  tags: string;
  /** The same for the same deployment and date: who comes second inserts nothing. */
  idempotency_key: string;
  /** When it is to start. */
  date: Timestamp;
};

/** What there is but one run of. */
export type RunKey = Pick<NewScheduledRun, 'flow_id' | 'idempotency_key'>;

/** The first state of such a run. */
export type NewScheduledState = { id: string; flow_run_id: string; state_details: string };

/** How runs of schedules are written, many at once. */
export type ScheduledRuns = {
  /**
   * How many runs one transaction writes at most. In SQLite they are written on the event loop, where 50 take some
   * ten milliseconds; Postgres gains from more.
   */
  readonly atOnce: number;
  /** Which keys are taken already; for many it is cheaper to ask than to insert in vain. */
  takenKeys(session: Reader, wanted: readonly RunKey[]): Promise<string[]>;
  /** Inserts each run whose key is not taken, with its first state, and gives the number of new ones. */
  insertRunsWithStates(session: Writer, runs: readonly RunWithState[], now: Timestamp): Promise<number>;
};

/** A run with its first state. */
export type RunWithState = { run: NewScheduledRun; state: NewScheduledState };

const runColumns = [
  'id',
  'name',
  'flow_id',
  'deployment_id',
  'work_queue_name',
  'work_queue_id',
  'infrastructure_document_id',
  'parameters',
  'tags',
  'idempotency_key',
  'date',
] as const satisfies readonly (keyof NewScheduledRun)[];

const written = `
  id, name, flow_id, deployment_id, work_queue_name, work_queue_id, infrastructure_document_id, parameters, tags,
  idempotency_key, expected_start_time, next_scheduled_start_time, created, updated, state_type, state_name,
  auto_scheduled, context, empirical_policy, total_run_time`;
const policy =
  '{"max_retries": 0, "retry_delay_seconds": 0, "retries": null, "retry_delay": null, "pause_keys": [], "resuming": false}';
const onceForEachKey = 'on conflict (flow_id, idempotency_key) do nothing';

const message = 'Flow run scheduled';
const stateColumns = 'id, flow_run_id, state_details, created, updated, timestamp, type, name, message, data';

const insertRun = `
  insert into flow_run (${written})
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'SCHEDULED', 'Scheduled', 1, '{}', '${policy}', '${sqliteInterval(0)}')
  ${onceForEachKey}`;
const insertState = `
  insert into flow_run_state (${stateColumns})
  values (?, ?, ?, ?, ?, ?, 'SCHEDULED', 'Scheduled', '${message}', 'null')`;

const selectTaken = `
  select run.idempotency_key
  from json_each(?) as wanted
  join flow_run as run on run.flow_id = wanted.value ->> 0 and run.idempotency_key = wanted.value ->> 1`;
const selectIds = 'select id from flow_run where id in (select value from json_each(?))';
const setStateIds = `
  update flow_run set state_id = pair.value
  from json_each(?) as pair
  where flow_run.id = pair.key`;

// differs because RETURNING would more than double what an insert costs in SQLite: the new ones are looked up afterwards.
/** One short statement for each row: in SQLite there is no round trip to save. */
export const scheduledRunsInSqlite: ScheduledRuns = {
  atOnce: 50,
  takenKeys: async (session, wanted) => {
    const pairs = wanted.map(({ flow_id, idempotency_key }) => [flow_id, idempotency_key]);
    return keysOf(await session.ask({ sql: selectTaken, parameters: [JSON.stringify(pairs)] }));
  },
  insertRunsWithStates: async (session, pairs, now) => {
    for (const { run } of pairs) {
      const parameters = [...runColumns.map((column) => run[column]), run.date, now, now];
      session.send({ sql: insertRun, parameters });
    }
    const sent = JSON.stringify(pairs.map(({ run }) => run.id));
    const inserted = await session.ask<{ id: string }>({ sql: selectIds, parameters: [sent] });
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

const selectTakenKeys = `
  select run.idempotency_key
  from unnest(cast($1 as uuid[]), cast($2 as varchar[])) as wanted (flow_id, idempotency_key)
  join flow_run as run on run.flow_id = wanted.flow_id and run.idempotency_key = wanted.idempotency_key`;
const sentRuns = `unnest(
    cast($1 as uuid[]), cast($2 as varchar[]), cast($3 as uuid[]), cast($4 as uuid[]), cast($5 as varchar[]),
    cast($6 as uuid[]), cast($7 as uuid[]), cast($8 as text[]), cast($9 as text[]), cast($10 as varchar[]),
    cast($11 as timestamptz[])`;
const sentValues = `
  run.id, run.name, run.flow_id, run.deployment_id, run.work_queue_name, run.work_queue_id,
  run.infrastructure_document_id, cast(run.parameters as jsonb), cast(run.tags as jsonb), run.idempotency_key, run.date,
  run.date, cast($12 as timestamptz), cast($12 as timestamptz), 'SCHEDULED', 'Scheduled', true, '{}', '${policy}',
  '${postgresInterval(0)}'`;
// The constraints between run and state are looked at once the whole statement is done, so each may name the other; to set
// the state afterwards would write all index entries of a run twice.
const insertRunsWithStates = `
  with sent as materialized (
    select * from ${sentRuns}, cast($13 as uuid[]), cast($14 as text[]))
    as run (${runColumns.join(', ')}, state_id, state_details)
  ), inserted as (
    insert into flow_run (${written}, state_id)
    select ${sentValues}, run.state_id
    from sent as run
    ${onceForEachKey}
    returning id
  )
  insert into flow_run_state (${stateColumns})
  select sent.state_id, sent.id, cast(sent.state_details as jsonb), cast($12 as timestamptz), cast($12 as timestamptz),
    cast($12 as timestamptz), 'SCHEDULED', 'Scheduled', '${message}', 'null'
  from sent join inserted on inserted.id = sent.id
  returning id`;
// differs because a round trip costs more than a statement: all rows travel as arrays, one for each column.
/** One statement for all runs with their states. */
export const scheduledRunsInPostgres: ScheduledRuns = {
  atOnce: 500,
  takenKeys: async (session, wanted) => {
    const parameters = [wanted.map((key) => key.flow_id), wanted.map((key) => key.idempotency_key)];
    return keysOf(await session.ask({ sql: selectTakenKeys, parameters }));
  },
  insertRunsWithStates: async (session, pairs, now) => {
    const parameters = [
      ...runColumns.map((column) => pairs.map(({ run }) => run[column])),
      now,
      pairs.map(({ state }) => state.id),
      pairs.map(({ state }) => state.state_details),
    ];
    return (await session.ask({ sql: insertRunsWithStates, parameters })).length;
  },
};

function keysOf(rows: readonly { idempotency_key: string }[]): string[] {
  return rows.map(({ idempotency_key }) => idempotency_key);
}
