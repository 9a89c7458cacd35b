import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The operating system's data about a server. */
export type ProcessFacts = {
  /** Resident memory of the server process (the largest of its process group), in MiB. */
  residentMebibytes: number;
  /** CPU time that the group has used so far, in seconds; null if the system does not report it precisely. */
  processorSeconds: number | null;
};

// Linux counts processor time in hundredths of a second on every architecture that Node runs on.
const ticksPerSecond = 100;

/** Reads data about the processes of a process group, whose id is its leader's. */
export function factsOf(group: number): ProcessFacts {
  const processes = execFileSync('ps', ['-A', '-o', 'pid=,pgid=,rss='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, pgid]) => pgid === group);
  const resident = processes.map(([, , kibibytes = 0]) => kibibytes / 1024);
  const times = processes.map(([pid = 0]) => processorTime(pid));
  return {
    residentMebibytes: Math.max(0, ...resident),
    processorSeconds: times.includes(null) ? null : times.reduce<number>((sum, time) => sum + (time ?? 0), 0),
  };
}

function processorTime(pid: number): number | null {
  try {
    // The command's name, in brackets, may contain spaces; the counters follow it.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  } catch {
    return null;
  }
}
