import type { Outcome } from '../load/outcome.ts';
import { startLoad } from '../load/spawn.ts';
import { startServer } from '../subjects/server.ts';
import type { Competitor } from './phases.ts';
import type { Plan } from './plan.ts';

/** The bare driver as a competitor in the phases, in a database whose tables a server has just created. */
export async function driverCompetitor(plan: Plan): Promise<Competitor> {
  const database = await plan.host.create();
  const server = await startServer(plan.subjects[0] ?? 'mintaka', database.serverUrl, plan.host.folder);
  await server.stop();
  const measure = (connections: number, group: number) => {
    const common = { database: database.driverTarget, connections, seconds: plan.seconds };
    return plan.host.dialect === 'sqlite'
      ? startLoad<Outcome>('raw-sqlite.ts', { ...common, group }).report
      : startLoad<Outcome>('raw-postgres.ts', common).report;
  };
  return {
    column: 'driver',
    measure: ({ clients, driverGroup }) =>
      driverGroup === undefined ? undefined : measure(clients, driverGroup),
  };
}
