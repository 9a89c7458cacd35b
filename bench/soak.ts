// Keeps a server moderately busy for an hour and reports every minute, to detect leaks and slowdowns.
// usage: npx node bench/soak.ts [--only sqlite|postgres] [--minutes 60] [--rate 60: state changes a second] [--seconds 60: of one minute]
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { percentile } from './load/outcome.ts';
import { SoakCalls, type SoakKind, type SoakTally } from './load/soak-calls.ts';
import { soak } from './load/soak-lives.ts';
import { judgeSoak, type SoakMinute, soakTable, soakVerdict } from './report-soak.ts';
import { type BenchDatabase, type Dialect, dialectsOf, openHost } from './subjects/databases.ts';
import { startServer } from './subjects/server.ts';

/** How long and how hard. */
export type SoakPlan = {
  dialect: Dialect;
  minutes: number;
  /** State changes a second. */
  rate: number;
  /** How long one of the minutes lasts. */
  secondsPerMinute: number;
  /** Receives each finished minute, with those before it. */
  onMinute?: (minutes: readonly SoakMinute[]) => void;
};

const connections = 16;
const looksPerMinute = 6;
const mebibyte = 1024 ** 2;

/** Soaks a server with all its background loops on a fresh database. */
export async function soakServer(plan: SoakPlan): Promise<SoakMinute[]> {
  const host = await openHost(plan.dialect);
  const database = await host.create();
  const server = await startServer('mintaka', database.serverUrl, host.folder, { loops: true });
  const calls = new SoakCalls(server.port, connections);
  const stop = new AbortController();
  const minutes: SoakMinute[] = [];
  try {
    const load = soak(calls, plan.rate, stop.signal);
    const watch = async () => {
      while (minutes.length < plan.minutes) {
        const looks = await lookOn(server.port, plan.secondsPerMinute);
        minutes.push(await minuteOf(minutes.length + 1, plan, calls.take(), looks, database));
        plan.onMinute?.(minutes);
      }
      stop.abort();
    };
    await Promise.all([load, watch()]);
    return minutes;
  } finally {
    calls.close();
    await server.stop();
    await host.close();
  }
}

type Look = { resident: number; heap: number; delay: number };

/** Reads the server's own metrics several times per minute. */
async function lookOn(port: number, seconds: number): Promise<Look[]> {
  const looks: Look[] = [];
  while (looks.length < looksPerMinute) {
    await pause((seconds * 1000) / looksPerMinute);
    const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const figure = (name: string) => Number(new RegExp(`^${name} (.+)$`, 'm').exec(page)?.[1]);
    looks.push({
      resident: figure('process_resident_memory_bytes') / mebibyte,
      heap: figure('nodejs_heap_size_used_bytes') / mebibyte,
      delay: figure('nodejs_eventloop_lag_p99_seconds') * 1000,
    });
  }
  return looks;
}

async function minuteOf(
  minute: number,
  { secondsPerMinute, dialect }: SoakPlan,
  { times, errors }: SoakTally,
  looks: readonly Look[],
  database: BenchDatabase,
): Promise<SoakMinute> {
  const spread = (kind: SoakKind) => {
    const sorted = times[kind].toSorted((a, b) => a - b);
    return { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) };
  };
  return {
    minute,
    rate: times['state change'].length / secondsPerMinute,
    times: {
      'state change': spread('state change'),
      create: spread('create'),
      logs: spread('logs'),
      poll: spread('poll'),
      list: spread('list'),
      count: spread('count'),
      history: spread('history'),
    },
    residentMebibytes: Math.max(...looks.map(({ resident }) => resident)),
    heapMebibytes: Math.min(...looks.map(({ heap }) => heap)),
    loopDelay: Math.max(...looks.map(({ delay }) => delay)),
    databaseMebibytes: (await sizeOf(database, dialect)) / mebibyte,
    errors,
  };
}

async function sizeOf({ driverTarget, query }: BenchDatabase, dialect: Dialect): Promise<number> {
  if (dialect === 'sqlite') return statSync(driverTarget).size + statSync(`${driverTarget}-wal`).size;
  const [row] = await query('SELECT pg_database_size(current_database()) AS size');
  return Number(row?.size);
}

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      minutes: { type: 'string', default: '60' },
      rate: { type: 'string', default: '60' },
      seconds: { type: 'string', default: '60' },
    },
  });
  const folder = fileURLToPath(new URL('results', import.meta.url));
  mkdirSync(folder, { recursive: true });
  const [count, rate, secondsPerMinute] = [
    Number(values.minutes),
    Number(values.rate),
    Number(values.seconds),
  ];
  for (const dialect of dialectsOf(values.only)) {
    const onMinute = (minutes: readonly SoakMinute[]) => {
      const verdict = soakVerdict(judgeSoak(minutes, secondsPerMinute));
      const title = `# Soak of ${dialect}, ${rate} state changes a second, ${new Date().toISOString()}`;
      writeFileSync(join(folder, `soak-${dialect}.md`), `${title}\n\n${soakTable(minutes)}\n\n${verdict}\n`);
      writeFileSync(join(folder, `soak-${dialect}.json`), `${JSON.stringify(minutes, null, 2)}\n`);
    };
    const minutes = await soakServer({ dialect, minutes: count, rate, secondsPerMinute, onMinute });
    const judgements = judgeSoak(minutes, secondsPerMinute);
    console.log(`${soakTable(minutes, 12)}\n\n${soakVerdict(judgements)}`);
    if (judgements.some(({ holds }) => !holds)) process.exitCode = 1;
  }
}

if (import.meta.main) await run();
