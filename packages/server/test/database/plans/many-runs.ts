import { fromEpoch, storedJson } from '@mintaka/contract';
import type { Database } from '../../../src/database/database.ts';

/** Enough that Postgres uses an index, and SQLite searches beyond the head of an order. */
const runs = 9_000;
const flows = 90;

/**
 * Inserts many runs into an empty database, one per second from 1,790,000,000 on: most of them Completed, one in 450 Failed,
 * all tagged `all`, one in 900 `rare`, spread over the flows `flow-0` to `flow-89`. Postgres gets its statistics.
 */
export async function fillWithRuns(database: Database): Promise<void> {
  const total_run_time = database.dialect.bindings.interval(0);
  const row = (run: number) => ({
    id: idOf(5, (run * 7919) % runs),
    name: `run-${run}`,
    flow_id: idOf(3, run % flows),
    state_type: run % 450 === 7 ? ('FAILED' as const) : ('COMPLETED' as const),
    state_name: 'any',
    expected_start_time: fromEpoch(1_790_000_000 + run, 0),
    tags: storedJson(run % 900 === 5 ? ['all', 'rare'] : ['all']),
    context: '{}',
    empirical_policy: '{}',
    parameters: storedJson({ text: 'as long as those of many runs are '.repeat(8) }),
    total_run_time,
  });
  await database.transaction(async (session) => {
    const rows = Array.from({ length: flows }, (_, flow) => ({
      id: idOf(3, flow),
      name: `flow-${flow}`,
      tags: '[]',
    }));
    await session.run(session.sql.insertInto('flow').values(rows));
    for (let from = 0; from < runs; from += 500) {
      const batch = Array.from({ length: 500 }, (_, place) => row(from + place));
      await session.run(session.sql.insertInto('flow_run').values(batch));
    }
  });
  if (database.dialect.name === 'postgres') {
    await database.administer((connection) => connection.exec('VACUUM ANALYZE'));
  }
}

/** An id from the number of its table and its own; like random ids, these are not in insertion order. */
export function idOf(table: number, number: number): string {
  const spread = ((number * 40_503) % 65_536).toString(16).padStart(4, '0');
  return `${table}${spread}000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}
