import type { FlowRunColumns } from './context.ts';

/** Whether a run belongs to a work queue: by its id, or by its name alone as older runs and those of deleted queues do. */
export function isInWorkQueue({
  work_queue_id,
  work_queue_name,
}: Pick<FlowRunColumns, 'work_queue_id' | 'work_queue_name'>): boolean {
  return Boolean(work_queue_id) || Boolean(work_queue_name);
}

/** Whether an agent or a worker has said where the run's process is. An empty text says nothing. */
export function hasProcess({ infrastructure_pid }: Pick<FlowRunColumns, 'infrastructure_pid'>): boolean {
  return Boolean(infrastructure_pid);
}
