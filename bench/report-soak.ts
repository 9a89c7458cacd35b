import { type SoakKind, soakKinds } from './load/soak-calls.ts';

/** Observations of one minute (or whatever the interval is). */
export type SoakMinute = {
  minute: number;
  /** State changes a second. */
  rate: number;
  /** Milliseconds of requests of each kind; NaN without any. */
  times: Record<SoakKind, { p50: number; p99: number }>;
  /** The maximum of the resident memory and the minimum of the used heap in the minute's samples, in MiB. */
  residentMebibytes: number;
  heapMebibytes: number;
  /** The 99th percentile of the event loop's delay, in milliseconds. */
  loopDelay: number;
  databaseMebibytes: number;
  errors: string[];
};

/** A requirement, and whether it is met. */
export type Judgement = { holds: boolean; text: string };

/** The maximum growth of memory within the last two thirds, in MiB per hour. */
const growthBound = 30;
/** The maximum slowdown from the second to the last third: a factor, and an additional number of milliseconds. */
const slowdownBound = { times: 1.5, milliseconds: 5 };

/** Evaluates a soak by its last two thirds, because caches fill in the first. */
export function judgeSoak(minutes: readonly SoakMinute[], secondsPerMinute = 60): Judgement[] {
  const third = Math.floor(minutes.length / 3);
  const [middle, last] = [minutes.slice(third, -third), minutes.slice(-third)];
  const rest = [...middle, ...last];
  const growth = (read: (minute: SoakMinute) => number) => slope(rest.map(read)) * (3600 / secondsPerMinute);
  const flat = (label: string, read: (minute: SoakMinute) => number): Judgement => ({
    holds: growth(read) < growthBound,
    text: `${label} changes by ${growth(read).toFixed(1)} MiB per hour (limit: ${growthBound})`,
  });
  const steady = (kind: SoakKind): Judgement => {
    const p99 = (part: readonly SoakMinute[]) => median(part.map(({ times }) => times[kind].p99));
    const [before, after] = [p99(middle), p99(last)];
    return {
      holds: after <= before * slowdownBound.times + slowdownBound.milliseconds,
      text: `p99 of ${kind}: ${before.toFixed(1)} ms in the second third, ${after.toFixed(1)} ms in the last`,
    };
  };
  const errors = minutes.flatMap((minute) => minute.errors);
  return [
    {
      holds: errors.length === 0,
      text: `${errors.length} errors${errors[0] ? `, the first: ${errors[0]}` : ''}`,
    },
    flat('resident memory', ({ residentMebibytes }) => residentMebibytes),
    flat('heap', ({ heapMebibytes }) => heapMebibytes),
    ...soakKinds.map(steady),
  ];
}

/** At most this many of the minutes, evenly spaced, including the last, as a Markdown table. */
export function soakTable(minutes: readonly SoakMinute[], most = 60): string {
  const step = Math.ceil(minutes.length / most);
  const shown = minutes.filter((_, place) => (minutes.length - 1 - place) % step === 0);
  const kinds = soakKinds.map((kind) => `${kind} p50/p99 ms`);
  const head = [
    'minute',
    'changes/s',
    'RSS MiB',
    'heap MiB',
    ...kinds,
    'loop p99 ms',
    'database MiB',
    'errors',
  ];
  const rows = shown.map((minute) => [
    String(minute.minute),
    minute.rate.toFixed(0),
    minute.residentMebibytes.toFixed(0),
    minute.heapMebibytes.toFixed(0),
    ...soakKinds.map((kind) => `${minute.times[kind].p50.toFixed(1)}/${minute.times[kind].p99.toFixed(0)}`),
    minute.loopDelay.toFixed(0),
    minute.databaseMebibytes.toFixed(0),
    String(minute.errors.length),
  ]);
  return [head, head.map(() => '--:'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The judgements as a Markdown list. */
export function soakVerdict(judgements: readonly Judgement[]): string {
  return judgements.map(({ holds, text }) => `- ${holds ? 'holds' : '**FAILS**'}: ${text}`).join('\n');
}

/** The growth of a value from one index to the next, by least squares. */
export function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let [over, under] = [0, 0];
  for (const [place, value] of values.entries()) {
    over += (place - middle) * (value - mean);
    under += (place - middle) ** 2;
  }
  return under === 0 ? 0 : over / under;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
