import type { TestDatabase } from '@mintaka/testing/databases';
import type { LogicalRequest } from './client.ts';

/** Rows that others refer to without a foreign key. */
const owners = [
  'flow_run',
  'task_run',
  'flow_run_state',
  'task_run_state',
  'flow_run_notification_policy',
] as const;
type Owner = (typeof owners)[number];

/** Rows that the reference leaves behind when it deletes others. */
const leftovers: readonly [table: string, column: string, owner: Owner][] = [
  ['log', 'flow_run_id', 'flow_run'],
  ['log', 'task_run_id', 'task_run'],
  ['artifact', 'flow_run_id', 'flow_run'],
  ['artifact', 'task_run_id', 'task_run'],
  ['task_run_state_cache', 'task_run_state_id', 'task_run_state'],
  ['flow_run_notification_queue', 'flow_run_state_id', 'flow_run_state'],
  ['flow_run_notification_queue', 'flow_run_notification_policy_id', 'flow_run_notification_policy'],
];

const blockKinds: Readonly<Record<string, string>> = {
  block_documents: 'id',
  block_schemas: 'block_schema_id',
  block_types: 'block_type_id',
};

/**
 * Sends a request; if it may delete something, makes the reference's database equal to ours afterwards. So the two stay
 * comparable despite deliberate differences: the reference leaves logs, results and slots behind, and deletes what uses a
 * block.
 * @param path the request's path on the reference.
 */
export async function withoutLeftovers<Result>(
  { method }: LogicalRequest,
  path: string,
  database: TestDatabase,
  send: () => Promise<Result>,
): Promise<Result> {
  const mayDelete = method === 'DELETE' || (method !== 'GET' && path.startsWith('/deployments'));
  if (!mayDelete) return send();
  if (method === 'DELETE') await detachBlocks(path, database);
  const before = await readOwners(database);
  const result = await send();
  await deleteLeftovers(before, await readOwners(database), database);
  return result;
}

type Owners = Record<Owner, ReadonlySet<string>>;

async function readOwners(database: TestDatabase): Promise<Owners> {
  const idsOf = async (table: Owner) => new Set((await database.rows(table)).map(({ id }) => String(id)));
  return {
    flow_run: await idsOf('flow_run'),
    task_run: await idsOf('task_run'),
    flow_run_state: await idsOf('flow_run_state'),
    task_run_state: await idsOf('task_run_state'),
    flow_run_notification_policy: await idsOf('flow_run_notification_policy'),
  };
}

async function deleteLeftovers(before: Owners, after: Owners, database: TestDatabase): Promise<void> {
  for (const [table, column, owner] of leftovers) {
    const gone = [...before[owner].difference(after[owner])];
    if (gone.length > 0) await database.write(`DELETE FROM ${table} WHERE ${column} IN (${listed(gone)})`);
  }
  const gone = before.task_run.difference(after.task_run);
  if (gone.size === 0) return;
  for (const { id, active_slots } of await database.rows('concurrency_limit')) {
    const held: unknown = JSON.parse(String(active_slots));
    if (!Array.isArray(held) || !held.some((holder) => gone.has(holder))) continue;
    const kept = JSON.stringify(held.filter((holder) => !gone.has(holder)));
    await database.write(`UPDATE concurrency_limit SET active_slots = '${kept}' WHERE id = '${id}'`);
  }
}

async function detachBlocks(path: string, database: TestDatabase): Promise<void> {
  const [, kind = '', id = ''] = /^\/(\w+)\/([0-9a-f-]{36})$/.exec(path) ?? [];
  const column = blockKinds[kind];
  if (column === undefined) return;
  const documents = `SELECT id FROM block_document WHERE ${column} = '${id}'`;
  for (const [table, reference] of [
    ['deployment', 'infrastructure_document_id'],
    ['deployment', 'storage_document_id'],
    ['flow_run', 'infrastructure_document_id'],
  ]) {
    await database.write(`UPDATE ${table} SET ${reference} = NULL WHERE ${reference} IN (${documents})`);
  }
}

function listed(ids: readonly string[]): string {
  return ids.map((id) => `'${id}'`).join(', ');
}
