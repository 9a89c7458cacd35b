import { isTerminal, JSON_NULL, STATE_TYPES, storedJson, type Timestamp } from '@mintaka/contract';
import { stateDetailsFromJson } from '../../database/codecs/state-details.ts';
import { textsOf } from '../../database/codecs/values.ts';
import type { ReadSession, WriteSession } from '../../database/database.ts';
import type { TagLimit, TaskPorts } from '../../orchestration/ports.ts';
import type { Context } from '../context.ts';

const terminalTypes = STATE_TYPES.filter(isTerminal);

/** Whether a concurrency limit exists for one of the tags. */
export async function anyLimitOn(session: ReadSession, tags: readonly string[]): Promise<boolean> {
  const limit = await session.first(
    session.sql
      .selectFrom('concurrency_limit')
      .select('id')
      .where(session.dialect.bindings.isAnyOf('concurrency_limit.tag', tags))
      .limit(1),
  );
  return limit !== undefined;
}

/** The ports of a task run's transition, within the given transaction. */
export function taskPorts({ random }: Context, session: WriteSession, now: Timestamp): TaskPorts {
  return {
    cachedState: async (key, at) => {
      const found = await session.first(
        session.sql
          .selectFrom('task_run_state_cache as cache')
          .innerJoin('task_run_state as state', 'state.id', 'cache.task_run_state_id')
          .leftJoin('artifact', 'artifact.id', 'state.result_artifact_id')
          .select(['state.type', 'state.name', 'state.message', 'state.data', 'state.state_details'])
          .select('artifact.data as artifact_data')
          .where('cache.cache_key', '=', key)
          .where((either) =>
            either.or([
              either('cache.cache_expiration', 'is', null),
              either('cache.cache_expiration', '>', at),
            ]),
          )
          .orderBy('cache.created', 'desc')
          .limit(1),
      );
      if (found === undefined) return undefined;
      const { type, name, message, data, artifact_data, state_details } = found;
      return {
        type,
        name,
        message,
        data: data ?? artifact_data ?? JSON_NULL,
        state_details: stateDetailsFromJson(state_details),
      };
    },
    cacheState: async (entry) => {
      const values = { id: random.id(), created: now, updated: now, ...entry };
      session.send(session.sql.insertInto('task_run_state_cache').values(values));
    },
    lockLimits: async (tags) => {
      const { bindings } = session.dialect;
      const query = session.sql
        .selectFrom('concurrency_limit')
        .select(['tag', 'concurrency_limit', 'active_slots'])
        .where(bindings.isAnyOf('concurrency_limit.tag', tags))
        .orderBy('tag');
      const rows = await session.all(bindings.lock(query, 'concurrency_limit'));
      return rows.map((row): TagLimit => ({ ...row, active_slots: textsOf(row.active_slots) }));
    },
    openTaskRuns: async (ids) => {
      const open = session.sql
        .selectFrom('task_run')
        .select('id')
        .where(session.dialect.bindings.hasId('task_run.id', ids))
        .where((either) =>
          either.or([either('state_type', 'is', null), either('state_type', 'not in', terminalTypes)]),
        );
      return new Set((await session.all(open)).map(({ id }) => id));
    },
    writeSlots: async (limits) => {
      for (const { tag, active_slots } of limits) {
        session.send(
          session.sql
            .updateTable('concurrency_limit')
            .set({ active_slots: storedJson([...active_slots]), updated: now })
            .where('tag', '=', tag),
        );
      }
    },
  };
}
