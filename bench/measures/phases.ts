import { median, type Outcome, outcomeOf } from '../load/outcome.ts';
import type { ScenarioName } from '../load/scenarios.ts';
import { load, startLoad } from '../load/spawn.ts';
import type { WriterReport } from '../load/sqlite-writer.ts';
import type { Figure, Row } from '../report.ts';
import type { BenchDatabase, Dialect } from '../subjects/databases.ts';
import type { RunningServer } from '../subjects/server.ts';
import type { Subject } from '../subjects/subject.ts';
import type { MeasureName, Plan } from './plan.ts';

/** A server that is up, on its database. */
export type Contestant = { subject: Subject; server: RunningServer; database: BenchDatabase };

/** A phase of load on every server in turn. */
type Phase = {
  of: MeasureName;
  scenario: ScenarioName;
  label: string;
  clients: number;
  withWriter?: boolean;
};

const crowd = 64;

/** The phases on a dialect, in order. */
function phasesOn(dialect: Dialect): Phase[] {
  const stateChanges = [1, 10, 50].map(
    (clients): Phase => ({
      of: 'state-changes',
      scenario: 'task-states',
      label: 'task run state changes/s',
      clients,
    }),
  );
  const withWriter = dialect === 'sqlite';
  return [
    ...stateChanges,
    { of: 'flow-state-changes', scenario: 'flow-states', label: 'flow run state changes/s', clients: 10 },
    { of: 'flow-runs', scenario: 'flow-runs', label: 'flow runs created/s', clients: 10 },
    { of: 'logs', scenario: 'logs', label: 'log lines/s, 100 a call', clients: 10 },
    {
      of: 'contention',
      scenario: 'task-states',
      label: withWriter ? 'task run state changes/s, another process writes' : 'task run state changes/s',
      clients: crowd,
      withWriter,
    },
  ];
}

/** Runs every phase that is asked for; the servers take turns within a phase, so that a slow spell of the machine meets all. */
export async function measurePhases(plan: Plan, contestants: readonly Contestant[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const phase of phasesOn(plan.host.dialect).filter(({ of }) => plan.measures.has(of))) {
    plan.say(`${phase.label}, ${phase.clients} client(s)`);
    const windows = contestants.map((): Outcome[] => []);
    for (let repeat = 0; repeat < plan.repeats; repeat += 1) {
      for (const [index, contestant] of contestants.entries()) {
        windows[index]?.push(await measureWindow(phase, contestant, plan));
      }
    }
    const row: Row = {
      dialect: plan.host.dialect,
      measure: phase.label,
      clients: phase.clients,
      better: 'more',
    };
    for (const [index, { subject }] of contestants.entries()) row[subject] = figureOf(windows[index] ?? []);
    rows.push(row);
  }
  return rows;
}

/** The medians of some windows. */
export function figureOf(windows: readonly Outcome[]): Figure {
  const middle = (read: (window: Outcome) => number) => median(windows.map(read));
  const processor = windows.flatMap(({ processorMilliseconds }) => processorMilliseconds ?? []);
  const firstError = windows.find((window) => window.firstError !== null)?.firstError;
  return {
    value: middle((window) => window.rate),
    p50: middle((window) => window.p50),
    p99: middle((window) => window.p99),
    errors: windows.reduce((sum, window) => sum + window.errors, 0),
    ...(processor.length > 0 && { processorMilliseconds: median(processor) }),
    ...(firstError && { firstError }),
  };
}

async function measureWindow(phase: Phase, contestant: Contestant, plan: Plan): Promise<Outcome> {
  const { server, database } = contestant;
  const writer = phase.withWriter
    ? startLoad<WriterReport>('sqlite-writer.ts', { database: database.driverTarget })
    : undefined;
  const outcome = await load(phase.scenario, server, phase.clients, plan.seconds).catch(failedWindow);
  writer?.end();
  const report = await writer?.report;
  if (report) {
    const wait = Math.round(report.longestWait);
    plan.say(
      `  the other process beside ${contestant.subject}: ${report.commits} commits, ` +
        `${report.refusals} refused, longest wait ${wait} ms`,
    );
  }
  return outcome;
}

/** A window that could not be measured, as when a server refuses every request: the other figures still count. */
function failedWindow(error: unknown): Outcome {
  const outcome = outcomeOf({ latencies: [], seconds: 1, unitsPerRequest: 1, errors: 1, firstError: null });
  return { ...outcome, firstError: String(error) };
}
