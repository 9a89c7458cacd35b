import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testApp } from '@mintaka/testing/app';
import type { Database, ReadSession } from '../../../src/database/database.ts';
import type { Statement } from '../../../src/database/statements.ts';
import type { Context } from '../../../src/domain/context.ts';
import { scheduleAllDeployments } from '../../../src/domain/scheduling/schedule-deployments.ts';
import { cleanUpCancelledRuns } from '../../../src/domain/upkeep/cancelled-runs.ts';
import { failExpiredPauses } from '../../../src/domain/upkeep/expired-pauses.ts';
import { markLateRuns } from '../../../src/domain/upkeep/late-runs.ts';
import { endStuckCancellations } from '../../../src/domain/upkeep/stuck-cancellations.ts';

/** The same domain; records its queries in `asked`. */
function recording(context: Context, asked: Statement[]): Context {
  const { database } = context;
  const listening = (session: ReadSession): ReadSession => ({
    ...session,
    all: (query) => {
      asked.push(query.compile());
      return session.all(query);
    },
    ask: (statement) => {
      asked.push(statement);
      return session.ask(statement);
    },
  });
  const recorded: Database = {
    ...database,
    read: (work) => database.read((session) => work(listening(session))),
    readLong: (work) => database.readLong((session) => work(listening(session))),
  };
  return { ...context, database: recorded };
}

const loops: [loop: string, run: (context: Context) => Promise<number>, indexes: RegExp[]][] = [
  [
    'the scheduler counts the runs ahead of a deployment without looking at the others',
    (context) => scheduleAllDeployments(context, assert.fail),
    [
      /mintaka_flow_run_scheduled_by_deployment \(deployment_id=\? AND auto_scheduled=\? AND next_scheduled_start_time>\?\)/,
    ],
  ],
  [
    'the search for late runs passes over those that are late already',
    (context) => markLateRuns(context, assert.fail),
    [/mintaka_flow_run_not_late \(state_name=\? AND next_scheduled_start_time<\?\)/],
  ],
  [
    'the search for expired pauses looks at paused runs alone',
    (context) => failExpiredPauses(context, assert.fail),
    [/SEARCH run USING INDEX ix_flow_run__state_type \(state_type=\?\)/],
  ],
  [
    'the clean-up looks at runs that were cancelled or are open, never at all runs',
    (context) => cleanUpCancelledRuns(context, assert.fail),
    [/SEARCH flow_run/, /SEARCH flow_run|SEARCH parent/],
  ],
  [
    'the search for stuck cancellations looks at cancelling runs alone that neither started nor have a process',
    (context) => endStuckCancellations(context, assert.fail),
    [
      /SEARCH flow_run USING INDEX mintaka_flow_run_stopping_by_queue_id \(work_queue_id>\?\)/,
      /SEARCH flow_run USING INDEX mintaka_flow_run_stopping_by_queue_name \(work_queue_name>\?\)/,
    ],
  ],
];

for (const [loop, run, indexes] of loops) {
  test(loop, async () => {
    const { context, close } = await testApp();
    const asked: Statement[] = [];
    await run(recording(context, asked));
    assert.equal(asked.length, indexes.length);
    for (const [place, { sql, parameters }] of asked.entries()) {
      const steps = await context.database.administer((connection) =>
        connection.query(`EXPLAIN QUERY PLAN ${sql}`, parameters.map(bindable)),
      );
      const plan = steps.map((step) => step.detail).join('\n');
      assert.match(plan, indexes[place] ?? /never/);
      assert.doesNotMatch(plan, /SCAN (flow_run|task_run|parent|run)/);
    }
    await close();
  });
}

function bindable(value: unknown): unknown {
  return typeof value === 'boolean' ? Number(value) : value;
}
