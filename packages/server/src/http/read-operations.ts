import { type Operations, operations, taskRunCreate } from '@mintaka/contract';

/** The operations of the API with the length that the server allows the cache keys of task runs, in characters. */
export function operationsWith(taskCacheKeyMaxLength: number): Operations {
  const create = { ...operations.taskRuns.create, body: taskRunCreate(taskCacheKeyMaxLength) };
  return { ...operations, taskRuns: { ...operations.taskRuns, create } };
}
