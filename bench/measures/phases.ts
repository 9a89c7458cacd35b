import { median, type Outcome } from '../load/outcome.ts';
import type { ScenarioName } from '../load/scenarios.ts';
import type { Figure, Row } from '../report.ts';
import type { Dialect } from '../subjects/databases.ts';
import type { MeasureName, Plan } from './plan.ts';

/** A phase of load, on every competitor in turn. */
export type Phase = {
  of: MeasureName;
  label: string;
  /** Concurrent clients of a server, or connections of the bare driver. */
  clients: number;
  /** The load of the servers; absent if the phase is only for the bare driver. */
  scenario?: ScenarioName;
  /** Whether a second process writes to the same SQLite file at the same time. */
  withWriter?: boolean;
  /** How many changes the bare driver writes per commit; absent if the phase is only for the servers. */
  driverGroup?: number;
};

/** A measured competitor: a server or the bare driver. */
export type Competitor = {
  /** The column of the table that its figures belong in. */
  column: 'mintaka' | 'reference' | 'prototype' | 'driver';
  /** Measures one window of a phase; undefined if the phase is not for this competitor. */
  measure: (phase: Phase) => Promise<Outcome> | undefined;
};

const crowd = 64;
const stateChanges = 'task run state changes/s';

/** The phases on a dialect, in order. */
function phasesOn(dialect: Dialect): Phase[] {
  const sqlite = dialect === 'sqlite';
  const change = { of: 'state-changes', scenario: 'task-states', label: stateChanges } as const;
  const grouped: Phase = {
    of: 'state-changes',
    label: `${stateChanges}, 10 in one commit`,
    clients: 1,
    driverGroup: 10,
  };
  return [
    { ...change, clients: 1, driverGroup: 1 },
    { ...change, clients: 10, driverGroup: 1 },
    { ...change, clients: 50 },
    ...(sqlite ? [grouped] : []),
    { of: 'flow-state-changes', scenario: 'flow-states', label: 'flow run state changes/s', clients: 10 },
    { of: 'flow-runs', scenario: 'flow-runs', label: 'flow runs created/s', clients: 10 },
    { of: 'logs', scenario: 'logs', label: 'log lines/s, 100 a call', clients: 10 },
    {
      of: 'contention',
      scenario: 'task-states',
      label: sqlite ? `${stateChanges}, another process writes` : stateChanges,
      clients: crowd,
      withWriter: sqlite,
    },
  ];
}

/**
 * Runs every requested phase; the competitors take turns within it, so that a slow period of the machine affects all of them.
 */
export async function measurePhases(plan: Plan, competitors: readonly Competitor[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const phase of phasesOn(plan.host.dialect).filter(({ of }) => plan.measures.has(of))) {
    plan.say(`${phase.label}, ${phase.clients} client(s)`);
    const row = await measurePhase(plan, phase, competitors);
    if (row.mintaka || row.reference || row.prototype || row.driver) rows.push(row);
  }
  return rows;
}

async function measurePhase(plan: Plan, phase: Phase, competitors: readonly Competitor[]): Promise<Row> {
  const windows = new Map<Competitor['column'], Outcome[]>();
  for (let repeat = 0; repeat < plan.repeats; repeat += 1) {
    for (const { column, measure } of competitors) {
      const outcome = await measure(phase);
      if (outcome) windows.set(column, [...(windows.get(column) ?? []), outcome]);
    }
  }
  const row: Row = {
    dialect: plan.host.dialect,
    measure: phase.label,
    clients: phase.clients,
    better: 'more',
  };
  for (const [column, outcomes] of windows) row[column] = figureOf(outcomes);
  return row;
}

/** The medians of some windows. */
function figureOf(windows: readonly Outcome[]): Figure {
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
