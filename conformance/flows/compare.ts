import { parseArgs } from 'node:util';
import { createDatabase, type Dialect } from '@mintaka/testing/databases';
import { startOurs } from '@mintaka/testing/ours';
import { installReference } from '@mintaka/testing/reference';
import { type Played, parts, play, type ScenarioPart, scenarioParts } from './play.ts';
import { type Snapshot, takeSnapshot } from './snapshot.ts';

/** Lines of one flow that only one server has. */
export type FlowDifference = { flow: string; lines: number; reference: string[]; ours: string[] };

/** The result of running the scenarios on both servers. */
export type FlowComparison = { played: Record<'reference' | 'ours', Played[]>; flows: FlowDifference[] };

/** Runs scenarios on the reference and on our server (or a second reference) and compares what they stored. */
export async function compareFlows(
  dialect: Dialect,
  options: { part?: ScenarioPart; twice?: boolean } = {},
): Promise<FlowComparison> {
  const reference = installReference();
  const scripts = scenarioParts[options.part ?? 'quick'];
  const databases = [
    await createDatabase(dialect, 'reference'),
    await createDatabase(dialect, 'ours'),
  ] as const;
  const settings = { PREFECT_ORION_SERVICES_SCHEDULER_ENABLED: 'true' };
  const servers = await Promise.all([
    reference.start({ database: databases[0], settings }),
    (options.twice ? reference.start : startOurs)({ database: databases[1], settings }),
  ]);
  try {
    const [left, right] = await Promise.all([
      play(reference, servers[0], scripts),
      play(reference, servers[1], scripts),
    ]);
    const flows = compareSnapshots(await takeSnapshot(servers[0]), await takeSnapshot(servers[1]));
    return { played: { reference: left, ours: right }, flows };
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    await Promise.all(databases.map((database) => database.drop()));
  }
}

/** Compares two snapshots flow by flow, line by line. */
function compareSnapshots(reference: Snapshot, ours: Snapshot): FlowDifference[] {
  const flows = new Set([...reference.keys(), ...ours.keys()]);
  return [...flows].map((flow) => {
    const left = reference.get(flow) ?? [];
    const right = ours.get(flow) ?? [];
    if (left.join('\n') === right.join('\n')) return { flow, lines: left.length, reference: [], ours: [] };
    const first = left.findIndex((line, index) => line !== right[index]);
    const place = first < 0 ? left.length : first;
    return {
      flow,
      lines: left.length,
      reference: left.slice(place, place + 3),
      ours: right.slice(place, place + 3),
    };
  });
}

/** Whether all scenarios succeeded and stored the same. */
export function isSame({ played, flows }: FlowComparison): boolean {
  const statuses = [played.reference, played.ours].map((list) => list.map(({ status }) => status).join());
  return statuses[0] === statuses[1] && flows.every((flow) => flow.reference.length + flow.ours.length === 0);
}

/** The comparison as a table with the first difference of each flow. */
export function describeFlows({ played, flows }: FlowComparison): string {
  const rows = flows.map(({ flow, lines, reference, ours }) => {
    if (reference.length + ours.length === 0) return `same      ${String(lines).padStart(5)} lines  ${flow}`;
    const [left = '', right = ''] = [reference[0], ours[0]];
    const place = Math.max(0, [...left].findIndex((letter, index) => letter !== right[index]) - 80);
    const title = `DIFFERENT ${String(lines).padStart(5)} lines  ${flow}: ${left.slice(0, 80)}`;
    return `${title}\n    reference: …${left.slice(place, place + 500)}\n    ours:      …${right.slice(place, place + 500)}`;
  });
  const processes = played.reference.flatMap((one, index) => {
    const other = played.ours[index];
    if (one.status === 0 && other?.status === 0) return [];
    const output = `${complaints(one.output)}\n--- ours:\n${complaints(other?.output ?? '')}`;
    return [`${one.scenarios}: exit ${one.status} on the reference, ${other?.status} on ours\n${output}`];
  });
  return [...rows, ...processes].join('\n');
}

/** The failures reported by the scenarios, or the end of the output. */
function complaints(output: string): string {
  const lines = output.split('\n').filter((line) => /^\w+: \w+: /.test(line));
  return lines.length > 0 ? lines.join('\n') : output.slice(-1500);
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      dialect: { type: 'string', default: 'sqlite' },
      part: { type: 'string', default: 'quick' },
      'reference-twice': { type: 'boolean', default: false },
    },
  });
  const comparison = await compareFlows(values.dialect === 'postgres' ? 'postgres' : 'sqlite', {
    part: parts.find((part) => part === values.part) ?? 'quick',
    twice: values['reference-twice'],
  });
  console.log(describeFlows(comparison));
  process.exitCode = isSame(comparison) ? 0 : 1;
}
