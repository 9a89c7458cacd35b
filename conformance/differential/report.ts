import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer } from './client.ts';
import type { Finding, RunResult } from './engine.ts';

/** Groups findings with probably the same cause: route, statuses and location. */
function groupFindings(findings: readonly Finding[]): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const route = finding.request.path.replace(/⟦\d+⟧/g, '{id}').replace(/\?.*/, '?');
    const place = finding.differences[0]?.path.replace(/\[\d+\]/g, '[]') ?? '';
    const statuses = `${finding.reference.status}/${finding.ours.status}`;
    const key = `${finding.request.method} ${route} ${statuses} ${place}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return groups;
}

/** The text of a run: counts, each group of unexplained differences with an example, rows. */
export function describeRun(result: RunResult, seed: number): string {
  const unexplained = result.findings.filter(({ explanation }) => explanation === undefined);
  const counts = [...result.counts].map(([name, count]) => `${name} ${count}`).join(', ');
  const statuses = [...result.statuses].map(([status, count]) => `${status}: ${count}`).join(', ');
  const explained = result.findings.length - unexplained.length;
  return [
    `seed ${seed}: ${counts}; ${unexplained.length} unexplained and ${explained} explained differences`,
    `statuses of the reference: ${statuses}`,
    ...(result.forms.size > 0 ? [`of another form: ${[...result.forms].join(' ')}`] : []),
    describeGroups(unexplained, seed),
    describeTables(result),
  ].join('\n');
}

/** Writes one page per resource into a folder. */
export function writeReport(folder: string, result: RunResult, seed: number): void {
  mkdirSync(folder, { recursive: true });
  for (const resource of result.counts.keys()) {
    const findings = result.findings.filter(
      (finding) => finding.resource === resource && !finding.explanation,
    );
    writeFileSync(join(folder, `${resource}.md`), `# ${resource}\n${describeGroups(findings, seed)}\n`);
  }
  writeFileSync(join(folder, 'rows.md'), `# rows\n${describeTables(result)}\n`);
}

function describeGroups(findings: readonly Finding[], seed: number): string {
  const groups = [...groupFindings(findings)].toSorted(([, left], [, right]) => right.length - left.length);
  return groups
    .map(([key, group]) => {
      const examples = group.slice(0, 2).map((finding) => describeFinding(finding, seed));
      return `\n## ${key} (${group.length} times)\n${examples.join('\n')}`;
    })
    .join('\n');
}

function describeFinding({ index, request, reference, ours, differences }: Finding, seed: number): string {
  const body = request.rawBody ?? JSON.stringify(request.body);
  return [
    `- seed ${seed}, request ${index}: ${request.method} ${request.path} ${JSON.stringify(request.headers ?? {})}`,
    `  body: ${cut(body ?? '')}`,
    ...differences
      .slice(0, 6)
      .map((one) => `  ${one.path}: ${cut(one.reference, 300)}  <>  ${cut(one.ours, 300)}`),
    `  reference: ${describeAnswer(reference)}`,
    `  ours: ${describeAnswer(ours)}`,
  ].join('\n');
}

function describeAnswer({ status, text }: Answer): string {
  return `${status} ${cut(text)}`;
}

function describeTables({ tables }: RunResult): string {
  return tables
    .map(({ table, index, reference, ours }) =>
      [
        `\n## rows of ${table} after request ${index}: ${reference.length} only on the reference, ${ours.length} only ours`,
        ...describeRows(reference, ours),
      ].join('\n'),
    )
    .join('\n');
}

/** Different columns of rows with the same id, the most common difference first; whole rows if one side has none. */
function describeRows(reference: string[], ours: string[]): string[] {
  const rest = new Map(ours.map((row) => [idOf(row), row]));
  const differences = new Map<string, number>();
  const lonely: string[] = [];
  for (const row of reference) {
    const other = rest.get(idOf(row));
    if (other === undefined) {
      lonely.push(`- reference: ${cut(row, 900)}`);
      continue;
    }
    rest.delete(idOf(row));
    const difference = differentColumns(row, other);
    differences.set(difference, (differences.get(difference) ?? 0) + 1);
  }
  const pairs = [...differences].toSorted(([, left], [, right]) => right - left);
  return [
    ...pairs.slice(0, 8).map(([difference, count]) => `- ${count} rows: ${cut(difference)}`),
    ...lonely.slice(0, 4),
    ...[...rest.values()].slice(0, 4).map((row) => `- ours: ${cut(row, 900)}`),
  ];
}

function idOf(row: string): string {
  return / \| id="(⟦\d+⟧)"/.exec(row)?.[1] ?? row;
}

function differentColumns(reference: string, ours: string): string {
  const columns = ours.split(' | ');
  return reference
    .split(' | ')
    .flatMap((column, index) => (column === columns[index] ? [] : [`${column}  <>  ${columns[index]}`]))
    .join('; ');
}

function cut(text: string, length = 1200): string {
  return text.length > length ? `${text.slice(0, length)}… (${text.length})` : text;
}
