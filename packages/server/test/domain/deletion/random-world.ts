import { randomUUID } from 'node:crypto';
import type { WriteSession } from '../../../src/database/database.ts';
import type { Context } from '../../../src/domain/context.ts';

/** Returns an integer from 0 to below `below`. */
export type Dice = (below: number) => number;

const stateTypes = ['SCHEDULED', 'PENDING', 'RUNNING', 'COMPLETED', 'FAILED'] as const;
const moment = '2026-06-01 11:00:00.000000';

/**
 * Writes a random world past the API, with rows in every table that a deletion may reach: they refer to each other as the
 * dice will, across flows, pools and blocks.
 * @param runsOfFlow how many runs a flow has at most.
 */
export async function fillWorld(context: Context, dice: Dice, runsOfFlow: number): Promise<void> {
  await context.database.transaction(async (session) => {
    const documents = await fillBlocks(session, dice);
    const queues = await fillPools(session, dice);
    const policies = await fillPolicies(session, dice, documents);
    const taskRuns: string[] = [];
    for (let flow = 0; flow < 3; flow += 1) {
      const flow_id = await insert(session, 'flow', { name: randomUUID(), tags: '[]' });
      const deployments = await fillDeployments(session, dice, { flow_id, documents, queues });
      for (let run = dice(runsOfFlow + 1); run > 0; run -= 1) {
        const places = { flow_id, deployments, documents, queues, policies, parents: [...taskRuns] };
        taskRuns.push(...(await fillRun(session, dice, places)));
      }
    }
    for (const tag of [randomUUID(), randomUUID()]) {
      const holders = taskRuns.filter(() => dice(3) === 0);
      await insert(session, 'concurrency_limit', {
        tag,
        concurrency_limit: 10,
        active_slots: JSON.stringify(holders),
      });
    }
  });
}

type Table = Parameters<WriteSession['sql']['insertInto']>[0];
type Values = Record<string, string | number | boolean | null>;

/** Our own tables, whose rows are identified by what they refer to. */
const withoutId: ReadonlySet<string> = new Set([
  'mintaka_answered_request',
  'mintaka_claimed_run',
  'mintaka_former_secret',
  'mintaka_waiting_retry',
]);

async function insert(session: WriteSession, table: Table & string, values: Values): Promise<string> {
  const id = randomUUID();
  const row = withoutId.has(table) ? values : { id, ...values };
  const columns = Object.keys(row);
  const places = columns.map((_, place) => (session.dialect.name === 'sqlite' ? '?' : `$${place + 1}`));
  session.send({
    sql: `insert into ${table} (${columns.join(', ')}) values (${places.join(', ')})`,
    parameters: Object.values(row),
  });
  return id;
}

function pick<Item>(dice: Dice, items: readonly Item[]): Item | null {
  return items[dice(items.length + 1)] ?? null;
}

async function fillBlocks(session: WriteSession, dice: Dice): Promise<string[]> {
  const documents: string[] = [];
  const schemas: string[] = [];
  for (let type = 0; type < 2; type += 1) {
    const block_type_id = await insert(session, 'block_type', { name: 'type', slug: randomUUID() });
    for (let schema = 0; schema < 2; schema += 1) {
      const block_schema_id = await insert(session, 'block_schema', {
        block_type_id,
        checksum: randomUUID(),
        fields: '{}',
        capabilities: '[]',
      });
      const other = pick(dice, schemas);
      schemas.push(block_schema_id);
      if (other !== null) {
        await insert(session, 'block_schema_reference', {
          name: 'inner',
          parent_block_schema_id: block_schema_id,
          reference_block_schema_id: other,
        });
      }
      for (let document = dice(3); document > 0; document -= 1) {
        const values = {
          name: randomUUID(),
          data: '{}',
          block_schema_id,
          block_type_id,
          is_anonymous: false,
        };
        const id = await insert(session, 'block_document', values);
        const inner = pick(dice, documents);
        documents.push(id);
        if (dice(2) === 0) {
          await insert(session, 'mintaka_former_secret', { block_document_id: id, paths: '[["a"]]' });
        }
        if (inner === null) continue;
        await insert(session, 'block_document_reference', {
          name: 'inner',
          parent_block_document_id: id,
          reference_block_document_id: inner,
        });
      }
    }
  }
  return documents;
}

async function fillPools(session: WriteSession, dice: Dice): Promise<string[]> {
  const queues: string[] = [];
  for (let pool = 0; pool < 2; pool += 1) {
    const work_pool_id = await insert(session, 'work_pool', { name: randomUUID(), type: 'process' });
    const own: string[] = [];
    for (let queue = 1 + dice(3); queue > 0; queue -= 1) {
      own.push(await insert(session, 'work_queue', { name: randomUUID(), work_pool_id, priority: queue }));
    }
    await session.run(
      session.sql
        .updateTable('work_pool')
        .set({ default_queue_id: own[0] ?? null })
        .where('id', '=', work_pool_id),
    );
    await insert(session, 'worker', { name: 'worker', work_pool_id });
    queues.push(...own);
  }
  return queues;
}

async function fillPolicies(
  session: WriteSession,
  dice: Dice,
  documents: readonly string[],
): Promise<string[]> {
  const policies: string[] = [];
  for (let policy = 0; policy < 2; policy += 1) {
    const block_document_id = pick(dice, documents);
    if (block_document_id === null) continue;
    policies.push(await insert(session, 'flow_run_notification_policy', { block_document_id }));
  }
  return policies;
}

async function fillDeployments(
  session: WriteSession,
  dice: Dice,
  {
    flow_id,
    documents,
    queues,
  }: { flow_id: string; documents: readonly string[]; queues: readonly string[] },
): Promise<string[]> {
  const deployments: string[] = [];
  for (let deployment = dice(3); deployment > 0; deployment -= 1) {
    const values = {
      name: randomUUID(),
      flow_id,
      tags: '[]',
      parameters: '{}',
      infra_overrides: '{}',
      infrastructure_document_id: pick(dice, documents),
      storage_document_id: pick(dice, documents),
      work_queue_id: pick(dice, queues),
    };
    deployments.push(await insert(session, 'deployment', values));
  }
  return deployments;
}

type Places = {
  flow_id: string;
  deployments: readonly string[];
  documents: readonly string[];
  queues: readonly string[];
  policies: readonly string[];
  parents: readonly string[];
};

async function fillRun(session: WriteSession, dice: Dice, places: Places): Promise<string[]> {
  const { flow_id, deployments, documents, queues, policies, parents } = places;
  const type = stateTypes[dice(stateTypes.length)] ?? 'PENDING';
  const flow_run_id = await insert(session, 'flow_run', {
    ...emptyRun,
    flow_id,
    created: moment,
    parameters: '{}',
    context: '{}',
    state_type: type,
    auto_scheduled: dice(2) === 0,
    deployment_id: pick(dice, deployments),
    work_queue_id: pick(dice, queues),
    infrastructure_document_id: pick(dice, documents),
    parent_task_run_id: pick(dice, parents),
  });
  const states = await fillStates(session, dice, 'flow_run', flow_run_id);
  await fillRecords(session, dice, 'flow_run', { flow_run_id, task_run_id: null });
  for (const state of states) {
    const policy = pick(dice, policies);
    if (policy === null) continue;
    const message = { flow_run_notification_policy_id: policy, flow_run_state_id: state };
    await insert(session, 'flow_run_notification_queue', message);
  }
  const taskRuns: string[] = [];
  for (let task = dice(4); task > 0; task -= 1) {
    taskRuns.push(await fillTaskRun(session, dice, flow_run_id));
  }
  return taskRuns;
}

const emptyRun = { name: 'run', empirical_policy: '{}', tags: '[]' };

async function fillTaskRun(session: WriteSession, dice: Dice, flow_run_id: string): Promise<string> {
  const task_run_id = await insert(session, 'task_run', {
    ...emptyRun,
    flow_run_id,
    task_key: randomUUID(),
    dynamic_key: '0',
    task_inputs: '{}',
  });
  for (const state of await fillStates(session, dice, 'task_run', task_run_id)) {
    if (dice(2) === 0) continue;
    await insert(session, 'task_run_state_cache', { cache_key: 'key', task_run_state_id: state });
  }
  await fillRecords(session, dice, 'task_run', { flow_run_id, task_run_id });
  return task_run_id;
}

async function fillStates(
  session: WriteSession,
  dice: Dice,
  table: 'flow_run' | 'task_run',
  runId: string,
): Promise<string[]> {
  const states: string[] = [];
  for (let count = dice(5); count > 0; count -= 1) {
    const owner = { [`${table}_id`]: runId };
    const artifact = dice(2) === 0 ? await insert(session, 'artifact', { ...owner, data: '1' }) : null;
    states.push(
      await insert(session, `${table}_state`, {
        ...owner,
        type: 'RUNNING',
        name: 'Running',
        timestamp: `2026-06-01 10:00:00.00000${count}`,
        state_details: '{}',
        result_artifact_id: artifact,
      }),
    );
  }
  await session.run(
    session.sql
      .updateTable(table)
      .set({ state_id: states.at(-1) ?? null })
      .where('id', '=', runId),
  );
  return states;
}

async function fillRecords(
  session: WriteSession,
  dice: Dice,
  table: 'flow_run' | 'task_run',
  owner: { flow_run_id: string; task_run_id: string | null },
): Promise<void> {
  for (let line = dice(4); line > 0; line -= 1) {
    await insert(session, 'log', { ...owner, name: 'log', level: 20, message: 'line', timestamp: moment });
  }
  if (dice(2) === 0) return;
  await insert(session, 'mintaka_answered_request', {
    run_id: owner.task_run_id ?? owner.flow_run_id,
    state_id: randomUUID(),
    fingerprint: table,
    answer_lost: false,
    status: 'ACCEPT',
    details: '{}',
    answered: moment,
  });
  if (table === 'flow_run') {
    await insert(session, 'mintaka_waiting_retry', { run_id: owner.flow_run_id, due: moment });
    await insert(session, 'mintaka_claimed_run', {
      run_id: owner.flow_run_id,
      claim_id: randomUUID(),
      state_id: randomUUID(),
      work_pool_id: randomUUID(),
      work_queue_id: randomUUID(),
      place: 0,
      requested: moment,
    });
  }
}
