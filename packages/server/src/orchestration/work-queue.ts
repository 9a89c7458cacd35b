import type { FlowRunColumns } from './context.ts';

/** Whether a run belongs to a work queue: by its id, or only by its name, as older runs and runs of deleted queues do. */
export function isInWorkQueue({
  work_queue_id,
  work_queue_name,
}: Pick<FlowRunColumns, 'work_queue_id' | 'work_queue_name'>): boolean {
  return Boolean(work_queue_id) || Boolean(work_queue_name);
}

/** Whether an agent or a worker has reported the run's process. An empty string does not count. */
export function hasProcess({ infrastructure_pid }: Pick<FlowRunColumns, 'infrastructure_pid'>): boolean {
  return Boolean(infrastructure_pid);
}
