import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Dialect } from './subjects/databases.ts';

/** The median time of one request or question. */
export type Timing = {
  /** Milliseconds. */
  p50: number;
  /** Milliseconds on an otherwise idle machine. */
  fastest: number;
  /** How many were timed. */
  requests: number;
  /** How many rows the last was answered. */
  rows: number;
  /** Processor time of this process for one, in milliseconds, which a busy machine changes less than the time. */
  processor: number;
};

/** One poll while a number of runs wait. */
export type DispatchLine = {
  dialect: Dialect;
  poll: string;
  runs: number;
  /** The machine's load average over the last minute. */
  load: number;
  /** Our server over HTTP. */
  http?: Timing;
  /** Our server's code without HTTP: the questions and the answer's objects. */
  inside?: Timing;
  /** The same statements by the bare driver. */
  raw?: Timing;
  /** The reference over HTTP. */
  reference?: Timing;
};

/** The figures of a line, in the table's order. */
const places: readonly ((line: DispatchLine) => number | undefined)[] = [
  (line) => line.http?.p50,
  (line) => line.inside?.p50,
  (line) => line.inside?.fastest,
  (line) => line.inside?.processor,
  (line) => line.raw?.p50,
  (line) => line.raw?.fastest,
  (line) => line.reference?.p50,
];

const head = [
  'database',
  'poll',
  'runs',
  'ours, HTTP ms',
  'inside ms',
  'fastest',
  'inside, CPU ms',
  'raw ms',
  'fastest',
  'reference ms',
  'reference / ours',
  'runs handed out',
  'load',
];

/** The lines as a Markdown table; after the sizes of a poll follows the ratio of the largest to the smallest. */
export function dispatchTable(lines: readonly DispatchLine[]): string {
  const rows = [...Map.groupBy(lines, ({ dialect, poll }) => `${dialect} ${poll}`).values()].flatMap(
    (sizes) => [...sizes.map(cellsOf), growthOf(sizes)],
  );
  const rule = head.map((_, column) => (column < 2 ? '---' : '--:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Writes dispatch.md into a folder. */
export function writeDispatch(lines: readonly DispatchLine[], folder: string): void {
  mkdirSync(folder, { recursive: true });
  const processors = `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown'}`;
  const preface = `# Dispatch\n\n${new Date().toISOString()}, Node ${process.version}, ${processors}.`;
  const how = 'Median times; how to read it: [README](../README.md#dispatch).';
  writeFileSync(join(folder, 'dispatch.md'), `${preface}\n${how}\n\n${dispatchTable(lines)}\n`);
}

function cellsOf(line: DispatchLine): string[] {
  const { http, reference } = line;
  return [
    line.dialect,
    line.poll,
    String(line.runs),
    ...places.map((place) => place(line)).map(milliseconds),
    http && reference ? `${Math.round(reference.p50 / http.p50)}×` : '',
    `${http?.rows ?? ''}`,
    line.load.toFixed(1),
  ];
}

function growthOf(sizes: readonly DispatchLine[]): string[] {
  const ordered = sizes.toSorted((a, b) => a.runs - b.runs);
  const [smallest, largest] = [ordered[0], ordered.at(-1)];
  const growth = places.map((place) => {
    const [small, large] = [smallest, largest].map((line) => line && place(line));
    return small === undefined || large === undefined ? '' : `**${(large / small).toFixed(2)}**`;
  });
  return ['', '', `${largest?.runs} / ${smallest?.runs}`, ...growth, '', '', ''];
}

function milliseconds(value: number | undefined): string {
  if (value === undefined) return '';
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
