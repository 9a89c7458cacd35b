// Measures Mintaka, the reference server and the bare database driver in one run.
// usage: npm run bench -- [--quick] [--only sqlite|postgres] [--skip-reference] [--skip-mintaka] [--skip-prototype] [--skip-driver] [--measure state-changes,logs] [--measure dispatch --runs 1000,100000]
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureDispatch } from './measures/dispatch.ts';
import { driverCompetitor } from './measures/driver.ts';
import { measureLists } from './measures/lists.ts';
import { measurePhases } from './measures/phases.ts';
import { type MeasureName, measureNames, type Plan } from './measures/plan.ts';
import { prototypeCompetitor, startPrototype } from './measures/prototype.ts';
import { type Contestant, serverCompetitor } from './measures/server.ts';
import { measureStarts } from './measures/start.ts';
import { type Report, type Row, reportOf, tableOf, writeReport } from './report.ts';
import { type DispatchLine, dispatchTable, writeDispatch } from './report-dispatch.ts';
import { dialectsOf, openHost } from './subjects/databases.ts';
import { startServer } from './subjects/server.ts';
import type { Subject } from './subjects/subject.ts';

const results = fileURLToPath(new URL('results', import.meta.url));

const dispatchLines: DispatchLine[] = [];

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    'skip-reference': { type: 'boolean', default: false },
    'skip-mintaka': { type: 'boolean', default: false },
    'skip-prototype': { type: 'boolean', default: false },
    'skip-driver': { type: 'boolean', default: false },
    measure: {
      type: 'string',
      default: measureNames.filter((name) => name !== 'dispatch' && name !== 'lists').join(','),
    },
    runs: { type: 'string', default: '' },
  },
});

function subjectsAskedFor(): Subject[] {
  const subjects: Subject[] = [];
  if (!options['skip-mintaka']) subjects.push('mintaka');
  if (!options['skip-reference']) subjects.push('reference');
  return subjects;
}

function measuresAskedFor(): Set<MeasureName> {
  const asked = options.measure.split(',');
  const unknown = asked.filter((name) => !measureNames.some((known) => known === name));
  if (unknown.length > 0) throw new Error(`no measure "${unknown[0]}"; there are ${measureNames.join(', ')}`);
  return new Set(measureNames.filter((name) => asked.includes(name)));
}

/**
 * The numbers of waiting runs for dispatch: --runs 1000,100000, by default up to a million, or a tenth of that with --quick.
 */
function waitingRunsAskedFor(): number[] {
  if (options.runs !== '') return options.runs.split(',').map(Number);
  const sizes = [1000, 10_000, 100_000];
  return options.quick ? sizes : [...sizes, 1_000_000];
}

async function measureDialect(plan: Plan): Promise<Row[]> {
  const rows = plan.measures.has('start') ? await measureStarts(plan) : [];
  const contestants: Contestant[] = [];
  let prototype: Contestant | undefined;
  try {
    for (const subject of plan.subjects) {
      const database = await plan.host.create();
      const server = await startServer(subject, database.serverUrl, plan.host.folder);
      contestants.push({ subject, server, database });
    }
    const atStart = memoryRow('memory after start (MiB)', plan, contestants);
    const competitors = contestants.map((contestant) => serverCompetitor(plan, contestant));
    if (plan.prototype && plan.measures.has('state-changes')) {
      prototype = await startPrototype(plan);
      competitors.push(prototypeCompetitor(plan, prototype));
    }
    if (plan.driver && plan.measures.has('state-changes')) competitors.push(await driverCompetitor(plan));
    const phases = await measurePhases(plan, competitors);
    const afterLoad = memoryRow('memory after load (MiB)', plan, contestants);
    if (plan.measures.has('memory')) rows.push(atStart, afterLoad);
    rows.push(...phases);
  } finally {
    for (const { server } of contestants) await server.stop();
    await prototype?.server.stop();
  }
  return rows;
}

function memoryRow(measure: string, plan: Plan, contestants: readonly Contestant[]): Row {
  const row: Row = { dialect: plan.host.dialect, measure, clients: null, better: 'less' };
  for (const { subject, server } of contestants) row[subject] = { value: server.facts().residentMebibytes };
  return row;
}

/** Measures one dialect after the other; results are written immediately, so that an interrupted run keeps them. */
async function measureAll(): Promise<Report> {
  const rows: Row[] = [];
  for (const dialect of dialectsOf(options.only)) {
    const host = await openHost(dialect);
    const plan: Plan = {
      subjects: subjectsAskedFor(),
      measures: measuresAskedFor(),
      prototype: !options['skip-prototype'],
      driver: !options['skip-driver'],
      seconds: options.quick ? 2 : 5,
      repeats: 3,
      starts: options.quick ? 1 : 3,
      waitingRuns: waitingRunsAskedFor(),
      host,
      say: (text) => process.stderr.write(`${dialect}: ${text}\n`),
    };
    try {
      if (plan.measures.has('dispatch')) {
        dispatchLines.push(...(await measureDispatch(plan)));
        writeDispatch(dispatchLines, results);
      }
      if (plan.measures.has('lists')) rows.push(...(await measureLists(plan)));
      if ([...plan.measures].some((name) => name !== 'dispatch' && name !== 'lists')) {
        rows.push(...(await measureDialect(plan)));
      }
      if (rows.length === 0) continue;
      writeReport(reportOf(rows, options.quick), results);
    } finally {
      await host.close();
    }
  }
  return reportOf(rows, options.quick);
}

const report = await measureAll();
if (dispatchLines.length > 0) console.log(`${dispatchTable(dispatchLines)}\n`);
if (report.rows.length > 0) console.log(tableOf(report));
for (const row of report.rows) {
  if (!row.mintaka?.firstError) continue;
  console.error(`${row.dialect}, ${row.measure}, ${row.clients} clients: ${row.mintaka.firstError}`);
  process.exitCode = 1;
}
