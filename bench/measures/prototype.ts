import { startServer } from '../subjects/server.ts';
import type { Competitor, Phase } from './phases.ts';
import type { Plan } from './plan.ts';
import { type Contestant, serverCompetitor } from './server.ts';

/** The prototype, on a database whose tables our server has just created. */
export async function startPrototype(plan: Plan): Promise<Contestant> {
  const database = await plan.host.create();
  await (await startServer('mintaka', database.serverUrl, plan.host.folder)).stop();
  const server = await startServer('prototype', database.serverUrl, plan.host.folder);
  return { subject: 'prototype', server, database };
}

/** The prototype as a competitor, only in the state changes of task runs. */
export function prototypeCompetitor(plan: Plan, prototype: Contestant): Competitor {
  const { column, measure } = serverCompetitor(plan, prototype);
  return { column, measure: (phase: Phase) => (phase.of === 'state-changes' ? measure(phase) : undefined) };
}
