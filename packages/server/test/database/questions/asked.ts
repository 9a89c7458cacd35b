import { type RunKind, timestamp } from '@mintaka/contract';
import type { WriteSession } from '../../../src/database/database.ts';
import type { Questions } from '../../../src/database/dialects/dialect.ts';
import type { PoolDemand } from '../../../src/database/dialects/dispatch.ts';
import type { HistoryQuestion } from '../../../src/database/dialects/history.ts';
import type { PageQuestion } from '../../../src/database/dialects/page.ts';
import { asWhere } from '../../../src/database/filters/conditions.ts';
import { flowRunWhere } from '../../../src/database/filters/flow-run.ts';
import { orderOfFlowRuns } from '../../../src/database/sorts.ts';
import { at, idOf, pool, queue, run, type World } from '../dispatch/world.ts';

/** Sends a query, in several variants if they use different statements. */
type Ask = (session: WriteSession) => unknown;

type AnyFunction = (...given: never[]) => unknown;

/** An {@link Ask} for each function among the queries of a dialect. */
type Asked = {
  readonly [Name in keyof Questions]: Questions[Name] extends AnyFunction
    ? Ask
    : { readonly [Part in FunctionsOf<Questions[Name]>]: Ask };
};

type FunctionsOf<Group> = {
  [Part in keyof Group]: Group[Part] extends AnyFunction ? Part : never;
}[keyof Group];

/** Two queues of the same priority with a waiting run each, one of them a retry in its own process. All have limits. */
export const world: World = {
  pools: [pool(0, { concurrency_limit: 10 })],
  queues: [1, 2].map((number) => queue(number, 0, { priority: 1, concurrency_limit: 5 })),
  runs: [run(1, queue(1, 0), 1), run(2, queue(2, 0), 2, { waits: true })],
};

const now = at(60);
const ids = [idOf('run', 1), idOf('run', 2)];
const [id = ''] = ids;

const demand: PoolDemand = {
  pools: [idOf('pool', 0)],
  poolNames: [idOf('pool', 0)],
  queues: [idOf('queue', 1), idOf('queue', 2)],
  scheduledAfter: at(0),
  scheduledBefore: at(100),
  retriesHeldAfter: at(50),
  limit: 10,
  limitPerPool: 10,
  limitPerQueue: 10,
};
const { retriesHeldAfter: _, ...unbounded } = demand;
const pollOfAll = { ...unbounded, pools: null, poolNames: null, queues: null };

const page = (access: PageQuestion['access']): PageQuestion => ({
  table: 'flow_run',
  condition: (bindings) => asWhere(flowRunWhere({ state: { type: { any_: ['COMPLETED'] } } }, bindings)),
  order: orderOfFlowRuns('EXPECTED_START_TIME_DESC'),
  limit: 200,
  offset: 0,
  access,
});

const history: HistoryQuestion = {
  table: 'flow_run',
  condition: undefined,
  starts: [at(0), at(60)],
  end: at(120),
  interval: 60,
  now,
};

const scheduledRun = {
  id,
  name: 'amber-otter',
  flow_id: idOf('flow', 0),
  deployment_id: id,
  work_queue_name: null,
  work_queue_id: null,
  infrastructure_document_id: null,
  parameters: '{}',
  tags: '[]',
  idempotency_key: 'taken',
  date: now,
};

const log = {
  id,
  name: 'prefect',
  level: 20,
  flow_run_id: id,
  task_run_id: null,
  message: 'Hello',
  timestamp: timestamp('2026-09-01 12:00:00.000000'),
};

const newState = {
  id,
  type: 'RUNNING',
  name: 'Running',
  timestamp: now,
  message: null,
  details: '{}',
  artifactId: null,
} as const;

const kinds: readonly RunKind[] = ['flow_run', 'task_run'];
const toRunning = { state_id: id, state_type: 'RUNNING', state_name: 'Running', run_count: 1 } as const;
const logsOfRuns = { table: 'log', column: 'flow_run_id' } as const;
const subflows = { table: 'flow_run', column: 'parent_task_run_id' } as const;

/** Every question. */
export const asked: Asked = {
  stateChange: {
    flowRun: (session) => session.dialect.questions.stateChange.flowRun(session, id),
    scheduledFlowRuns: (session) => session.dialect.questions.stateChange.scheduledFlowRuns(session, ids),
    taskRun: (session) => session.dialect.questions.stateChange.taskRun(session, id),
    taskRuns: (session) => session.dialect.questions.stateChange.taskRuns(session, ids),
    insertState: (session) => {
      const { insertState } = session.dialect.questions.stateChange;
      for (const kind of kinds) insertState(session, kind, id, newState, now);
    },
    updateRun: (session) => {
      const { updateRun } = session.dialect.questions.stateChange;
      for (const kind of kinds) updateRun(session, kind, id, { ...toRunning, updated: now });
    },
    queueNotifications: (session) => {
      const flowRun = { stateId: id, stateName: 'Running', tags: ['blue'] };
      session.dialect.questions.stateChange.queueNotifications(session, flowRun);
    },
  },
  history: (session) => session.dialect.questions.history(session, history),
  idsOfPage: async (session) => {
    const { idsOfPage } = session.dialect.questions;
    for (const access of ['ids', 'index', 'rows'] as const) await idsOfPage(session, page(access));
  },
  runsById: {
    flowRuns: (session) => session.dialect.questions.runsById.flowRuns(session, ids),
    taskRuns: (session) => session.dialect.questions.runsById.taskRuns(session, ids),
  },
  dispatch: {
    fromPools: async (session) => {
      const { fromPools } = session.dialect.questions.dispatch;
      for (const poll of [demand, pollOfAll]) await fromPools(session, poll);
    },
    fromQueues: async (session) => {
      const { fromQueues } = session.dialect.questions.dispatch;
      for (const poll of [demand, pollOfAll]) await fromQueues(session, poll);
    },
    nextDue: (session) =>
      session.dialect.questions.dispatch.nextDue(session, {
        queues: [idOf('queue', 1), idOf('queue', 2)],
        after: now,
        retriesHeldAfter: now,
      }),
    takenSlots: (session) => session.dialect.questions.dispatch.takenSlots(session, idOf('queue', 1)),
  },
  expiredPauses: (session) =>
    session.dialect.questions.expiredPauses(session, { now, after: null, limit: 100 }),
  blockDocuments: (session) => {
    const roots = session.sql.selectFrom('block_document').select('block_document.id').where('id', '=', id);
    return session.dialect.questions.blockDocuments(session, roots);
  },
  blockSchemas: (session) => {
    const roots = session.sql.selectFrom('block_schema').select('block_schema.id').where('id', '=', id);
    return session.dialect.questions.blockSchemas(session, roots);
  },
  insertLogs: (session) => session.dialect.questions.insertLogs(session, [log], now),
  takeNotifications: (session) =>
    session.dialect.questions.takeNotifications(session, { limit: 100, now, until: at(120) }),
  scheduledRuns: {
    takenKeys: (session) => session.dialect.questions.scheduledRuns.takenKeys(session, [scheduledRun]),
    insertRunsWithStates: (session) => {
      const state = { id, flow_run_id: id, state_details: '{}' };
      const { insertRunsWithStates } = session.dialect.questions.scheduledRuns;
      return insertRunsWithStates(session, [{ run: scheduledRun, state }], now);
    },
  },
  deletion: {
    prepare: (session) => session.dialect.questions.deletion.prepare(session),
    lockRow: (session) => session.dialect.questions.deletion.lockRow(session, 'flow_run', id),
    claimRows: (session) => session.dialect.questions.deletion.claimRows(session, 'flow_run', ids),
    anyRows: (session) => session.dialect.questions.deletion.anyRows(session, 'flow_run', 100),
    referringRows: (session) => session.dialect.questions.deletion.referringRows(session, subflows, ids, 100),
    scheduledRuns: (session) =>
      session.dialect.questions.deletion.scheduledRuns(session, idOf('flow', 0), 100),
    olderRows: (session) => session.dialect.questions.deletion.olderRows(session, logsOfRuns, ids, now, 100),
    heldIds: (session) =>
      session.dialect.questions.deletion.heldIds(session, logsOfRuns, 'flow_run', id, 100),
    detachRows: (session) => session.dialect.questions.deletion.detachRows(session, subflows, ids),
    deleteRows: (session) => session.dialect.questions.deletion.deleteRows(session, 'flow_run', ids),
  },
};
