import type { Outcome } from '../load/outcome.ts';
import { startLoad } from '../load/spawn.ts';
import type { Row } from '../report.ts';
import type { BenchDatabase } from '../subjects/databases.ts';
import { startServer } from '../subjects/server.ts';
import { figureOf } from './phases.ts';
import type { Plan } from './plan.ts';

/** A way to use the bare driver, and the row of the servers that it stands beside. */
type DriverPhase = { measure: string; connections: number; group: number };

const stateChanges = 'task run state changes/s';

/**
 * Measures the bare driver with the rows of task run state changes, in a database that a server has just made, and
 * puts its figures beside the servers' in the rows; where it has no counterpart there, it gets a row of its own.
 */
export async function measureDriver(plan: Plan, rows: Row[]): Promise<Row[]> {
  const database = await makeSchema(plan);
  const own: Row[] = [];
  for (const phase of driverPhases(plan)) {
    plan.say(`bare driver, ${phase.connections} connection(s), ${phase.group} change(s) a commit`);
    const windows: Outcome[] = [];
    while (windows.length < plan.repeats) windows.push(await measureWindow(phase, database, plan));
    const beside = rows.find((row) => row.measure === phase.measure && row.clients === phase.connections);
    const row = beside ?? emptyRow(phase, plan);
    row.driver = figureOf(windows);
    if (beside === undefined) own.push(row);
  }
  return own;
}

function driverPhases(plan: Plan): DriverPhase[] {
  const phases = [1, 10].map((connections) => ({ measure: stateChanges, connections, group: 1 }));
  if (plan.host.dialect === 'postgres') return phases;
  return [...phases, { measure: `${stateChanges}, 10 in one commit`, connections: 1, group: 10 }];
}

function measureWindow(phase: DriverPhase, database: BenchDatabase, plan: Plan): Promise<Outcome> {
  const common = { database: database.driverTarget, connections: phase.connections, seconds: plan.seconds };
  return plan.host.dialect === 'sqlite'
    ? startLoad<Outcome>('raw-sqlite.ts', { ...common, group: phase.group }).report
    : startLoad<Outcome>('raw-postgres.ts', common).report;
}

/** Lets the first server make its tables, and stops it. */
async function makeSchema(plan: Plan): Promise<BenchDatabase> {
  const database = await plan.host.create();
  const server = await startServer(plan.subjects[0] ?? 'mintaka', database.serverUrl, plan.host.folder);
  await server.stop();
  return database;
}

function emptyRow(phase: DriverPhase, plan: Plan): Row {
  return {
    dialect: plan.host.dialect,
    measure: phase.measure,
    clients: phase.connections,
    better: 'more',
  };
}
