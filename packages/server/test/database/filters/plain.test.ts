import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { storedJson } from '@mintaka/contract';
import type { ReadSession, WriteSession } from '../../../src/database/database.ts';
import {
  type BlockDocumentCriteria,
  blockDocumentWhere,
} from '../../../src/database/filters/block-document.ts';
import { type BlockSchemaCriteria, blockSchemaWhere } from '../../../src/database/filters/block-schema.ts';
import { type BlockTypeCriteria, blockTypeWhere } from '../../../src/database/filters/block-type.ts';
import { narrow } from '../../../src/database/filters/compose.ts';
import { type LogCriteria, logWhere } from '../../../src/database/filters/log.ts';
import {
  type NotificationPolicyCriteria,
  notificationPolicyWhere,
} from '../../../src/database/filters/notification-policy.ts';
import { type WorkPoolCriteria, workPoolWhere } from '../../../src/database/filters/work-pool.ts';
import { type WorkQueueCriteria, workQueueWhere } from '../../../src/database/filters/work-queue.ts';
import { type WorkerCriteria, workerWhere } from '../../../src/database/filters/worker.ts';
import { type Databases, openBoth } from '../databases.ts';
import { flowRun, log, noon, pool, queue, smallWorld, taskRun } from './small-world.ts';
import { idOf, insertWorld } from './world.ts';

const blockType = (row: number) => idOf(8, row);
const blockSchema = (row: number) => idOf(9, row);
// Tables beyond the ninth share the digits; ids are unique only within a table.
const blockDocument = (row: number) => idOf(1, row);
const policy = (row: number) => idOf(2, row);
const worker = (row: number) => idOf(3, row);

async function insertBlocks({ sql, run }: WriteSession): Promise<void> {
  const types = ['JSON', 'Secret'].map((name, row) => ({
    id: blockType(row),
    name,
    slug: name.toLowerCase(),
  }));
  await run(sql.insertInto('block_type').values(types));
  const schemas = [['get', 'put'], []].map((capabilities, row) => ({
    id: blockSchema(row),
    fields: '{}',
    block_type_id: blockType(row),
    checksum: `sum ${row}`,
    capabilities: storedJson(capabilities),
    version: `1.${row}`,
  }));
  await run(sql.insertInto('block_schema').values(schemas));
  const documents = [false, true].map((is_anonymous, row) => ({
    id: blockDocument(row),
    name: `document ${row}`,
    data: '{}',
    block_schema_id: blockSchema(row),
    block_type_id: blockType(row),
    is_anonymous,
  }));
  await run(sql.insertInto('block_document').values(documents));
  const policies = [true, false].map((is_active, row) => ({
    id: policy(row),
    is_active,
    state_names: '[]',
    tags: '[]',
    block_document_id: blockDocument(0),
  }));
  await run(sql.insertInto('flow_run_notification_policy').values(policies));
  const workers = [0, 1].map((row) => ({
    id: worker(row),
    name: `worker ${row}`,
    work_pool_id: pool(0),
    last_heartbeat_time: noon(row),
  }));
  await run(sql.insertInto('worker').values(workers));
}

const logs: [LogCriteria, number[]][] = [
  [{}, [0, 1, 2]],
  [{ level: { ge_: 30 } }, [1, 2]],
  [{ level: { le_: 30 } }, [0, 1]],
  [{ level: { ge_: 20, le_: 40 } }, [1]],
  [{ level: { ge_: -1e30, le_: 1e12 } }, [0, 1, 2]],
  [{ level: { ge_: 40_000 } }, []],
  [{ timestamp: { before_: noon(2) } }, [0, 1]],
  [{ timestamp: { after_: noon(2) } }, [1, 2]],
  [{ flow_run_id: { any_: [flowRun(1)] } }, [2]],
  [{ task_run_id: { any_: [taskRun(0)] } }, [1]],
  [{ operator: 'or_', task_run_id: { any_: [taskRun(0)] }, level: { ge_: 50 } }, [1, 2]],
];
const types: [BlockTypeCriteria, number[]][] = [
  [{}, [0, 1]],
  [{ name: { like_: 'son' } }, [0]],
  [{ slug: { any_: ['secret', 'JSON'] } }, [1]],
  [{ name: { like_: 'json' }, slug: { any_: ['secret'] } }, []],
];
const schemas: [BlockSchemaCriteria, number[]][] = [
  [{}, [0, 1]],
  [{ block_type_id: { any_: [blockType(1)] } }, [1]],
  [{ block_capabilities: { all_: ['get'] } }, [0]],
  [{ block_capabilities: { all_: [] } }, [0, 1]],
  [{ id: { any_: [blockSchema(0)] }, version: { any_: ['1.1'] } }, []],
  [{ operator: 'or_', id: { any_: [blockSchema(0)] }, version: { any_: ['1.1'] } }, [0, 1]],
];
const documents: [BlockDocumentCriteria, number[]][] = [
  [{}, [0, 1]],
  [{ is_anonymous: { eq_: false } }, [0]],
  [{ is_anonymous: { eq_: true } }, [1]],
  [{ is_anonymous: {} }, [0, 1]],
  [{ id: { any_: [blockDocument(1)] } }, [1]],
  [{ block_type_id: { any_: [blockType(0)] } }, [0]],
  [{ name: { any_: ['document 1'] } }, [1]],
];
const policies: [NotificationPolicyCriteria, number[]][] = [
  [{}, [0, 1]],
  [{ is_active: { eq_: true } }, [0]],
  [{ is_active: { eq_: false } }, [1]],
];
const pools: [WorkPoolCriteria, number[]][] = [
  [{ name: { any_: ['local'] } }, [0]],
  [{ id: { any_: [pool(1)] } }, [1]],
  [{ type: { any_: ['process'] }, name: { any_: ['local', 'cluster'] } }, [0]],
  [{ operator: 'or_', type: { any_: ['process'] }, name: { any_: ['cluster'] } }, [0, 1]],
];
const queues: [WorkQueueCriteria, number[]][] = [
  [{ id: { any_: [queue(1)] } }, [1]],
  [{ id: { any_: [queue(0), queue(1)] }, name: { any_: ['default'] } }, [0]],
  [{ id: { any_: [queue(0), queue(1)] }, name: { startswith_: ['d', 'x'] } }, [0, 1]],
  [{ id: { any_: [queue(0), queue(1)] }, name: { startswith_: ['efault'] } }, []],
  [{ id: { any_: [queue(0), queue(1)] }, name: { startswith_: [] } }, [0, 1]],
];
const workers: [WorkerCriteria, number[]][] = [
  [{}, [0, 1]],
  [{ last_heartbeat_time: { before_: noon(0) } }, [0]],
  [{ last_heartbeat_time: { after_: noon(1) } }, [1]],
];

describe('filters on one resource match the same rows on both databases', () => {
  let databases: Databases;
  before(async () => {
    databases = await openBoth();
    for (const database of databases.all) {
      await database.transaction(async (session) => {
        await insertWorld(session, smallWorld);
        await insertBlocks(session);
      });
    }
  });
  after(() => databases.close());

  function each<Criteria>(
    resource: string,
    cases: [Criteria, number[]][],
    rowId: (row: number) => string,
    ask: (session: ReadSession, filter: Criteria) => Promise<{ id: string }[]>,
  ): void {
    for (const [filter, expected] of cases) {
      test(`${resource}: ${JSON.stringify(filter)}`, async () => {
        for (const database of databases.all) {
          const found = await database.read((session) => ask(session, filter));
          assert.deepEqual(found.map(({ id }) => id).toSorted(), expected.map(rowId), database.dialect.name);
        }
      });
    }
  }

  each('logs', logs, log, ({ sql, dialect, all }, filter) =>
    all(narrow(sql.selectFrom('log').select('id'), logWhere(filter, dialect.bindings))),
  );
  each('block types', types, blockType, ({ sql, dialect, all }, filter) =>
    all(narrow(sql.selectFrom('block_type').select('id'), blockTypeWhere(filter, dialect.bindings))),
  );
  each('block schemas', schemas, blockSchema, ({ sql, dialect, all }, filter) =>
    all(narrow(sql.selectFrom('block_schema').select('id'), blockSchemaWhere(filter, dialect.bindings))),
  );
  each('block documents', documents, blockDocument, ({ sql, dialect, all }, filter) =>
    all(narrow(sql.selectFrom('block_document').select('id'), blockDocumentWhere(filter, dialect.bindings))),
  );
  each('notification policies', policies, policy, ({ sql, all }, filter) =>
    all(narrow(sql.selectFrom('flow_run_notification_policy').select('id'), notificationPolicyWhere(filter))),
  );
  each('work pools', pools, pool, ({ sql, dialect, all }, filter) =>
    all(narrow(sql.selectFrom('work_pool').select('id'), workPoolWhere(filter, dialect.bindings))),
  );
  each('work queues', queues, queue, ({ sql, dialect, all }, filter) =>
    all(narrow(sql.selectFrom('work_queue').select('id'), workQueueWhere(filter, dialect.bindings))),
  );
  each('workers', workers, worker, ({ sql, all }, filter) =>
    all(narrow(sql.selectFrom('worker').select('id'), workerWhere(filter))),
  );
});
