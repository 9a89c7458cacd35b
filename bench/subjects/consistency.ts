import type { BenchDatabase } from './databases.ts';

/** A state change that a server acknowledged. */
export type Acknowledged = { table: 'flow_run' | 'task_run'; runId: string; stateId: string };

type State = { id: string; type: string; timestamp: number };

const finalTypes = ['COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED'];

/**
 * Finds acknowledged state changes that are missing in the database, and runs that contradict their own states: the state
 * that a run points to must be its newest, and its type, run count, start and end must match its states.
 */
export async function findContradictions(
  database: BenchDatabase,
  acknowledged: readonly Acknowledged[],
): Promise<string[]> {
  const complaints: string[] = [];
  for (const table of ['flow_run', 'task_run'] as const) {
    const runs = await database.query(
      `SELECT id, state_id, state_type, state_timestamp, run_count, start_time, end_time FROM ${table}`,
    );
    const states = statesByRun(
      await database.query(`SELECT id, type, timestamp, ${table}_id AS run_id FROM ${table}_state`),
    );
    for (const run of runs) {
      const contradiction = contradictionOf(run, states.get(String(run.id)) ?? []);
      if (contradiction !== null) complaints.push(`${table} ${run.id}: ${contradiction}`);
    }
    complaints.push(...lostChanges(acknowledged, table, states));
  }
  return complaints;
}

function statesByRun(rows: readonly Record<string, unknown>[]): Map<string, State[]> {
  const states = new Map<string, State[]>();
  for (const row of rows) {
    const run = String(row.run_id);
    const state = { id: String(row.id), type: String(row.type), timestamp: momentOf(row.timestamp) ?? 0 };
    states.set(run, [...(states.get(run) ?? []), state]);
  }
  for (const list of states.values()) list.sort((a, b) => a.timestamp - b.timestamp);
  return states;
}

function contradictionOf(run: Record<string, unknown>, states: readonly State[]): string | null {
  const newest = states.at(-1);
  if (newest === undefined) return run.state_id === null ? null : 'it points to a state that does not exist';
  if (run.state_id !== newest.id) return `its state is ${run.state_id}, its newest is ${newest.id}`;
  if (run.state_type !== newest.type) return `its type is ${run.state_type}, its state's is ${newest.type}`;
  if (momentOf(run.state_timestamp) !== newest.timestamp)
    return 'its state timestamp differs from its state’s';
  const running = states.filter((state) => state.type === 'RUNNING');
  if (Number(run.run_count) !== running.length)
    return `it ran ${running.length} times, but its run count is ${run.run_count}`;
  if (momentOf(run.start_time) !== (running[0]?.timestamp ?? null))
    return 'its start differs from its first Running state';
  const end = finalTypes.includes(newest.type) ? newest.timestamp : null;
  return momentOf(run.end_time) === end ? null : 'its end differs from its final state';
}

function lostChanges(
  acknowledged: readonly Acknowledged[],
  table: Acknowledged['table'],
  states: ReadonlyMap<string, readonly State[]>,
): string[] {
  const known = new Set([...states].flatMap(([run, list]) => list.map((state) => `${run} ${state.id}`)));
  return acknowledged
    .filter((change) => change.table === table && !known.has(`${change.runId} ${change.stateId}`))
    .map((change) => `${table} ${change.runId}: the acknowledged state ${change.stateId} is lost`);
}

/** A stored timestamp of either dialect as microseconds since the epoch. */
function momentOf(value: unknown): number | null {
  if (value === null || value === undefined) return null;
  const text = String(value);
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? '';
  const whole = `${text.slice(0, 19).replace(' ', 'T')}Z`;
  return Date.parse(whole) * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6));
}
