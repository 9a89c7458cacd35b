import { postgresInterval } from '../../codecs/interval.ts';
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
  from unnest(cast($1 as uuid[]), cast($2 as varchar[])) as wanted (flow_id, idempotency_key)
  join flow_run as run on run.flow_id = wanted.flow_id and run.idempotency_key = wanted.idempotency_key`;

const insertRunsWithStates = `
  with
  -- The rows as they were sent: an array for each column.
  sent as materialized (
    select * from unnest(
      cast($1 as uuid[]), cast($2 as varchar[]), cast($3 as uuid[]), cast($4 as uuid[]), cast($5 as varchar[]),
      cast($6 as uuid[]), cast($7 as uuid[]), cast($8 as text[]), cast($9 as text[]), cast($10 as varchar[]),
      cast($11 as timestamptz[]), cast($13 as uuid[]), cast($14 as text[]))
    as run (${sentColumns.join(', ')}, state_id, state_details)
  ),
  -- The runs whose key is free. They name their states before those exist: constraints are checked when the whole statement
  -- is done. Setting the state afterwards would write all index entries of a run twice.
  inserted as (
    insert into flow_run (${runColumns}, state_id)
    select run.id, run.name, run.flow_id, run.deployment_id, run.work_queue_name, run.work_queue_id,
      run.infrastructure_document_id, cast(run.parameters as jsonb), cast(run.tags as jsonb), run.idempotency_key, run.date,
      run.date, cast($12 as timestamptz), cast($12 as timestamptz), 'SCHEDULED', 'Scheduled', true, '{}', '${policy}',
      '${postgresInterval(0)}', run.state_id
    from sent as run
    ${onceForEachKey}
    returning id
  )
  -- The states of those runs.
  insert into flow_run_state (${stateColumns})
  select sent.state_id, sent.id, cast(sent.state_details as jsonb), cast($12 as timestamptz), cast($12 as timestamptz),
    cast($12 as timestamptz), 'SCHEDULED', 'Scheduled', '${message}', 'null'
  from sent join inserted on inserted.id = sent.id
  returning id`;

/** differs because a round trip costs more than a statement: one statement for all runs and their states. */
export const scheduledRunsInPostgres: ScheduledRuns = {
  atOnce: 500,
  takenKeys: async (session, wanted) => {
    const parameters = [wanted.map((key) => key.flow_id), wanted.map((key) => key.idempotency_key)];
    return keysOf(await session.ask({ sql: selectTaken, parameters }));
  },
  insertRunsWithStates: async (session, pairs, now) => {
    const parameters = [
      ...sentColumns.map((column) => pairs.map(({ run }) => run[column])),
      now,
      pairs.map(({ state }) => state.id),
      pairs.map(({ state }) => state.state_details),
    ];
    return (await session.ask({ sql: insertRunsWithStates, parameters })).length;
  },
};
