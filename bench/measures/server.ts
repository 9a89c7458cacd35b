import { type Outcome, outcomeOf } from '../load/outcome.ts';
import type { ScenarioName } from '../load/scenarios.ts';
import { load, startLoad } from '../load/spawn.ts';
import type { WriterReport } from '../load/sqlite-writer.ts';
import type { BenchDatabase } from '../subjects/databases.ts';
import type { RunningServer } from '../subjects/server.ts';
import type { Subject } from '../subjects/subject.ts';
import type { Competitor, Phase } from './phases.ts';
import type { Plan } from './plan.ts';

/** A server that is up, on its database. */
export type Contestant = { subject: Subject; server: RunningServer; database: BenchDatabase };

/** A server as a competitor in the phases. */
export function serverCompetitor(plan: Plan, contestant: Contestant): Competitor {
  return {
    column: contestant.subject,
    measure: (phase) => phase.scenario && measureServer(plan, contestant, phase, phase.scenario),
  };
}

async function measureServer(
  plan: Plan,
  { subject, server, database }: Contestant,
  phase: Phase,
  scenario: ScenarioName,
): Promise<Outcome> {
  const writer = phase.withWriter
    ? startLoad<WriterReport>('sqlite-writer.ts', { database: database.driverTarget })
    : undefined;
  const outcome = await load(scenario, server, phase.clients, plan.seconds).catch(failedWindow);
  writer?.end();
  const report = await writer?.report;
  if (report) {
    const { commits, refusals, longestWait } = report;
    plan.say(
      `  second process of ${subject}: ${commits} commits, ${refusals} refused, longest wait ${Math.round(longestWait)} ms`,
    );
  }
  return outcome;
}

/** A window that could not be measured, for example because a server refuses every request: the other figures still count. */
function failedWindow(error: unknown): Outcome {
  const outcome = outcomeOf({ latencies: [], seconds: 1, unitsPerRequest: 1, errors: 1, firstError: null });
  return { ...outcome, firstError: String(error) };
}
