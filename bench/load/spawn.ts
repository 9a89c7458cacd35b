import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Outcome } from './outcome.ts';
import type { ScenarioName } from './scenarios.ts';

/** A load process under way. */
export type LoadProcess<Report> = {
  /** Its output when it ends; rejects, with its error output, if it fails. */
  report: Promise<Report>;
  /** Asks it to stop (SIGTERM). */
  end: () => void;
};

const running = new Set<ChildProcess>();

process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts one of the load programs of this folder, whose output is one line with a JSON report. */
export function startLoad<Report>(
  program: string,
  options: Record<string, string | number>,
): LoadProcess<Report> {
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const file = fileURLToPath(new URL(program, import.meta.url));
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  child.once('close', () => running.delete(child));
  let printed = '';
  let complaint = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const report = new Promise<Report>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(JSON.parse(printed));
      else reject(new Error(`${program} failed: ${complaint}`));
    });
  });
  return { report, end: () => child.kill('SIGTERM') };
}

/** Puts a scenario's load on a server for some seconds. */
export function load(
  scenario: ScenarioName,
  server: { port: number; group: number },
  clients: number,
  seconds: number,
): Promise<Outcome> {
  const { port, group } = server;
  return startLoad<Outcome>('generator.ts', { scenario, port, group, clients, seconds }).report;
}
