import { parseArgs } from 'node:util';
import { createDatabase, type Dialect } from '@mintaka/testing/databases';
import { startOurs } from '@mintaka/testing/ours';
import type { RunningServer } from '@mintaka/testing/process';
import { installReference } from '@mintaka/testing/reference';
import { compareAnswers, type Difference } from './differential/compare.ts';
import { runDifferential } from './differential/engine.ts';
import type { Identities } from './differential/identities.ts';
import { type Json, parseJson } from './differential/json.ts';
import { resources } from './differential/resources/index.ts';
import { createTimes } from './differential/times.ts';
import { play, quickScenarios } from './flows/play.ts';
import { takeSnapshot } from './flows/snapshot.ts';

/** Differences in what one server reads from a database that the other has written. */
export type HandoverResult = {
  /** What our server reads differently from the reference's database. */
  oursReads: Difference[];
  /** What the reference reads differently from our database. */
  referenceReads: Difference[];
  /** Scenarios that failed on a server after it took over, with their output. */
  failures: string[];
};

/** How much is written before the servers swap databases. */
export type HandoverOptions = { requests: number; seed: number };

/**
 * The reference and our server each write a database, with requests and flows, and then swap: each must read the other's data
 * as the other read it, and flows must continue to run.
 */
export async function handOver(
  dialect: Dialect,
  { requests, seed }: HandoverOptions,
): Promise<HandoverResult> {
  const reference = installReference();
  const databases = {
    reference: await createDatabase(dialect, 'reference'),
    ours: await createDatabase(dialect, 'ours'),
  };
  const running = new Set<RunningServer>();
  const both = async (servers: Promise<RunningServer>[]) => {
    const started = await Promise.all(servers);
    for (const server of started) running.add(server);
    return started as [RunningServer, RunningServer];
  };
  const stopAll = async () => {
    await Promise.all([...running].map((server) => server.stop()));
    running.clear();
  };
  const flows = quickScenarios.slice(0, 1);
  const later = flows.map((names) => names.map((name) => (name === 'cached' ? 'cached_before' : name)));
  try {
    const [first, second] = await both([
      reference.start({ database: databases.reference }),
      startOurs({ database: databases.ours }),
    ]);
    await runDifferential({
      servers: { reference: first, ours: second },
      databases,
      resources,
      seed,
      requests,
    });
    await Promise.all([play(reference, first, flows), play(reference, second, flows)]);
    const before = await Promise.all([readEverything(first), readEverything(second)]);
    await stopAll();
    const [ours, theirs] = await both([
      startOurs({ database: databases.reference }),
      reference.start({ database: databases.ours }),
    ]);
    const after = await Promise.all([readEverything(ours), readEverything(theirs)]);
    const again = await Promise.all([play(reference, ours, later), play(reference, theirs, later)]);
    return {
      oursReads: compareReadings(before[0], after[0]),
      referenceReads: compareReadings(before[1], after[1]),
      failures: again.flat().flatMap(({ status, output }) => (status === 0 ? [] : [output.slice(-2000)])),
    };
  } finally {
    await stopAll();
    await Promise.all([databases.reference.drop(), databases.ours.drop()]);
  }
}

/** Answers by request. */
type Readings = Map<string, Json>;

const questions: readonly [string, { [key: string]: unknown }][] = [
  ['flows/filter', { sort: 'NAME_ASC' }],
  ['flow_runs/filter', { sort: 'ID_DESC' }],
  ['flow_runs/filter', { sort: 'START_TIME_ASC', offset: 20 }],
  ['task_runs/filter', { sort: 'ID_DESC' }],
  [
    'task_runs/filter',
    { sort: 'EXPECTED_START_TIME_DESC', flow_runs: { state: { type: { any_: ['COMPLETED', 'FAILED'] } } } },
  ],
  ['logs/filter', { sort: 'TIMESTAMP_ASC' }],
  ['deployments/filter', { sort: 'NAME_ASC' }],
  ['concurrency_limits/filter', {}],
  ['saved_searches/filter', {}],
  ['block_types/filter', {}],
  ['block_schemas/filter', {}],
  ['block_documents/filter', { include_secrets: true }],
  ['block_documents/filter', { block_documents: { is_anonymous: null } }],
  ['work_queues/filter', {}],
  ['work_pools/filter', {}],
  ['flow_run_notification_policies/filter', { flow_run_notification_policy_filter: { is_active: {} } }],
  [
    'flow_runs/history',
    {
      history_start: '2019-01-01T00:00:00Z',
      history_end: '2030-01-01T00:00:00Z',
      history_interval_seconds: 31_536_000,
    },
  ],
];

/** Estimates of running runs, which grow from one answer to the next. */
const estimate = /("(?:sum_)?estimated_[a-z_]+":)-?[\d.e+-]+/g;

/** Reads lists of everything from a server, and each run's states and logs. */
async function readEverything(server: { url: string }): Promise<Readings> {
  const readings: Readings = new Map();
  for (const [path, body] of questions) {
    const answer = await fetch(`${server.url}/api/${path}`, {
      method: 'POST',
      body: JSON.stringify({ limit: 200, ...body }),
      headers: { 'content-type': 'application/json' },
    });
    const text = (await answer.text()).replace(estimate, (_, key: string) => `${key}0`);
    readings.set(`${path} ${JSON.stringify(body)}`, parseJson(text) ?? text);
  }
  for (const [flow, lines] of await takeSnapshot(server)) readings.set(`flow ${flow}`, lines);
  return readings;
}

// Both read the same rows, so ids and times must be the same to the letter.
const identities: Identities = {
  agree: (reference, ours) => reference === ours,
  pair: (reference) => reference,
  name: (_, id) => id,
  render: (text) => text,
};
const times = { ...createTimes(), agree: () => false, isServerMade: () => false };

function compareReadings(before: Readings, after: Readings): Difference[] {
  return [...before].flatMap(([question, answer]) => {
    const list = /\/filter /.test(question)
      ? { sort: 'NAME_ASC', limit: Number.MAX_VALUE, offset: 0 }
      : undefined;
    const differences = compareAnswers(answer, after.get(question) ?? null, { identities, times, list });
    return differences.map((difference) => ({ ...difference, path: `${question} ${difference.path}` }));
  });
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      dialect: { type: 'string', default: 'sqlite' },
      requests: { type: 'string', default: '400' },
      seed: { type: 'string', default: '1' },
    },
  });
  const dialect = values.dialect === 'postgres' ? 'postgres' : 'sqlite';
  const result = await handOver(dialect, { requests: Number(values.requests), seed: Number(values.seed) });
  console.log(describeHandover(result));
  process.exitCode = isClean(result) ? 0 : 1;
}

/** Whether both servers read the same and nothing failed. */
export function isClean({ oursReads, referenceReads, failures }: HandoverResult): boolean {
  return oursReads.length + referenceReads.length + failures.length === 0;
}

/** The differences as text. */
export function describeHandover({ oursReads, referenceReads, failures }: HandoverResult): string {
  const lines = (title: string, list: Difference[]) => [
    `${title}: ${list.length} differences`,
    ...list
      .slice(0, 20)
      .map(({ path, reference, ours }) => `- ${path}: ${reference.slice(0, 300)}  <>  ${ours.slice(0, 300)}`),
  ];
  return [
    ...lines("ours on the reference's database (before <> after)", oursReads),
    ...lines('the reference on our database (before <> after)', referenceReads),
    ...failures.map((output) => `A scenario failed:\n${output}`),
  ].join('\n');
}
