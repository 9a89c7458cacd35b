import type { ReadSession } from '../../database/database.ts';
import { IntegrityError } from '../errors.ts';

/** Whether a queue is the default queue of a pool. */
export async function isDefaultQueue(session: ReadSession, id: string): Promise<boolean> {
  const needing = session.sql.selectFrom('work_pool').select('id').where('default_queue_id', '=', id);
  return (await session.first(needing)) !== undefined;
}

/** Refuses to delete the default queue of a pool, before anything of it is deleted. @throws IntegrityError */
export async function refuseDefaultQueue(session: ReadSession, id: string): Promise<void> {
  if (await isDefaultQueue(session, id)) throw new IntegrityError('foreign key', undefined);
}

/** Refuses to delete queues that agents have polled, before anything of them is deleted. @throws IntegrityError */
export async function refuseAgents(session: ReadSession, queueIds: readonly string[]): Promise<void> {
  const agent = session.sql
    .selectFrom('agent')
    .select('id')
    .where(session.dialect.bindings.isAnyOf('agent.work_queue_id', queueIds));
  if ((await session.first(agent)) !== undefined) throw new IntegrityError('foreign key', undefined);
}
