import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Dialect } from './subjects/databases.ts';

/** One measurement of one server: the median of its repeats. */
export type Figure = {
  value: number;
  /** Milliseconds; absent if no requests were measured. */
  p50?: number;
  p99?: number;
  /** CPU time of the server for one unit, in milliseconds; absent if the system does not report it. */
  processorMilliseconds?: number;
  /** Failed requests over all repeats. */
  errors?: number;
  firstError?: string;
};

/** One line of the table: a measurement on a dialect, for all measured competitors. */
export type Row = {
  dialect: Dialect;
  measure: string;
  /** Concurrent clients, or connections of the bare driver; null without any. */
  clients: number | null;
  better: 'more' | 'less';
  mintaka?: Figure;
  reference?: Figure;
  /** The bare server with the same statements. */
  prototype?: Figure;
  driver?: Figure;
};

/** A whole run. */
export type Report = { date: string; node: string; processors: string; quick: boolean; rows: Row[] };

const head = [
  'database',
  'measure',
  'clients',
  'Mintaka',
  'p50 ms',
  'p99 ms',
  'CPU ms',
  'reference',
  'p50 ms',
  'p99 ms',
  'CPU ms',
  'times better',
  'prototype',
  'CPU ms',
  'prototype / Mintaka',
  'bare driver',
  'of the driver',
  'errors (reference)',
];

/** Creates a report of rows measured on this machine now. */
export function reportOf(rows: Row[], quick: boolean): Report {
  const [first, ...others] = cpus();
  const processors = `${others.length + 1} x ${first?.model.trim() ?? 'unknown'}`;
  return { date: new Date().toISOString(), node: process.version, processors, quick, rows };
}

/** The report as one Markdown table. */
export function tableOf(report: Report): string {
  const lines = [head, head.map((_, column) => (column < 2 ? '---' : '--:')), ...report.rows.map(cellsOf)];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const padded = lines.map((line) =>
    line.map((cell, column) =>
      column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    ),
  );
  return padded.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

/** Writes latest.json and latest.md into a folder. */
export function writeReport(report: Report, folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'latest.json'), `${JSON.stringify(report, null, 2)}\n`);
  const preface = `# Benchmark\n\n${report.date}, Node ${report.node}, ${report.processors}${report.quick ? ', quick' : ''}.`;
  writeFileSync(
    join(folder, 'latest.md'),
    `${preface}\nHow to read it: [README](../README.md).\n\n${tableOf(report)}\n`,
  );
}

function cellsOf(row: Row): string[] {
  const { mintaka, reference, prototype, driver } = row;
  return [
    row.dialect,
    row.measure,
    row.clients === null ? '' : String(row.clients),
    ...figureCells(mintaka),
    ...figureCells(reference),
    mintaka && reference ? `${digits(ratio(mintaka.value, reference.value, row.better))}×` : '',
    prototype ? digits(prototype.value) : '',
    prototype?.processorMilliseconds ? digits(prototype.processorMilliseconds) : '',
    mintaka && prototype ? digits(prototype.value / mintaka.value) : '',
    driver ? digits(driver.value) : '',
    mintaka && driver ? `${Math.round((100 * mintaka.value) / driver.value)} %` : '',
    `${mintaka?.errors ?? 0} (${reference?.errors ?? 0})`,
  ];
}

function figureCells(figure: Figure | undefined): string[] {
  if (figure === undefined) return ['', '', '', ''];
  return [figure.value, figure.p50, figure.p99, figure.processorMilliseconds].map((value) =>
    value === undefined ? '' : digits(value),
  );
}

function ratio(ours: number, theirs: number, better: 'more' | 'less'): number {
  return better === 'more' ? ours / theirs : theirs / ours;
}

/** Three significant digits, which is more than a second run would confirm. */
function digits(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
