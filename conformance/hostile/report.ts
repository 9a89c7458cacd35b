import type { HostileResult } from './hostile.ts';

const mebibyte = 1024 ** 2;

/** The summary of a run. */
export function reportOf({
  requests,
  aims,
  statuses,
  turns,
  memory,
  health,
  problems,
}: HostileResult): string {
  const answers = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
  const size = (bytes: number) => `${(bytes / mebibyte).toFixed(1)} MiB`;
  const at = (part: number) => `${(health[Math.floor(part * (health.length - 1))] ?? 0).toFixed(1)} ms`;
  return [
    `${requests} requests to ${aims} fields, ${problems.length} problems; answers ${answers.join(', ')}`,
    `  memory ${size(memory.first.used)}, then ${size(memory.last.used)}; resident ${size(memory.first.resident)}, then ${size(memory.last.resident)}`,
    `  health p50 ${at(0.5)}, p99 ${at(0.99)}, max ${at(1)}`,
    ...turns.map(
      ({ milliseconds, requests: open }) =>
        `  a turn of ${milliseconds.toFixed(0)} ms: ${open.slice(0, 8).join(' | ')}`,
    ),
  ].join('\n');
}
