import type { JsonText } from '@mintaka/contract';
import type { WriteSession } from '../../database/database.ts';

/** Identifies a deployment: by its id, or by flow and name. */
export type DeploymentKey = { id: string } | { flow_id: string; name: string };

/** What scheduled runs take from their deployment. */
export type PlannedInputs = {
  schedule: JsonText | null;
  is_schedule_active: boolean;
  parameters: JsonText;
  tags: JsonText;
  work_queue_name: string | null;
  work_queue_id: string | null;
  infrastructure_document_id: string | null;
};

/**
 * Locks a deployment until the transaction ends; undefined if it does not exist. Code that drops runs of a deployment, or
 * changes what its runs take from it, must lock it first: the scheduler holds the lock while it inserts runs, so these are
 * visible once the lock is free. Lock queues and pools after it.
 */
export function lockDeployment(
  session: WriteSession,
  key: DeploymentKey,
): Promise<({ id: string } & PlannedInputs) | undefined> {
  const columns = session.sql
    .selectFrom('deployment')
    .select(['id', 'schedule', 'is_schedule_active', 'parameters', 'tags'])
    .select(['work_queue_name', 'work_queue_id', 'infrastructure_document_id']);
  const chosen =
    'id' in key
      ? columns.where('id', '=', key.id)
      : columns.where('flow_id', '=', key.flow_id).where('name', '=', key.name);
  return session.first(session.dialect.bindings.lock(chosen, 'deployment'));
}

/** Whether both would schedule the same runs. */
export function planAlike(one: PlannedInputs, other: PlannedInputs): boolean {
  return (
    one.schedule?.text === other.schedule?.text &&
    one.is_schedule_active === other.is_schedule_active &&
    one.parameters.text === other.parameters.text &&
    one.tags.text === other.tags.text &&
    one.work_queue_name === other.work_queue_name &&
    one.work_queue_id === other.work_queue_id &&
    one.infrastructure_document_id === other.infrastructure_document_id
  );
}
