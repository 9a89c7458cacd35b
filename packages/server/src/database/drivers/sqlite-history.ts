import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { isTerminal, STATE_TYPES } from '@mintaka/contract/states';
import { lateness, runTime } from '../codecs/run-spans.ts';

/** The runs of one state within one bar. Durations are in microseconds, which add up exactly. */
type Group = {
  bar: number;
  type: string | null;
  name: string | null;
  count: number;
  ran: number;
  late: number;
};

const terminal: ReadonlySet<string> = new Set(STATE_TYPES.filter(isTerminal));

/**
 * Adds the aggregate function `mintaka_history(start, interval, now, expected_start_time, state_type, state_name, start_time,
 * total_run_time, state_timestamp)` to a connection. It groups runs into bars by state and returns the groups as a JSON array
 * of `{ bar, state_type, state_name, count_runs, sum_estimated_run_time, sum_estimated_lateness }`, with sums in seconds.
 * `start`, `interval` and `now` are in microseconds. SQLite itself would parse each timestamp with several calls and sort all
 * runs to group them; this takes half the time. Supports one aggregation at a time, so not GROUP BY.
 */
export function addHistoryFunction(database: DatabaseSync): void {
  let groups = noGroups();
  database.aggregate('mintaka_history', {
    varargs: true,
    start: () => {
      groups = noGroups();
      return null;
    },
    step: (_, start, interval, now, expected, type, name, started, ran, since) => {
      const from = microsOf(expected);
      if (from === undefined) return null;
      const bar = Math.floor((from - Number(start)) / Number(interval));
      const group = groups.of(bar, textOrNull(type), textOrNull(name));
      group.count += 1;
      group.ran += ranFor(ran, since, Number(now));
      group.late += lateness(from, microsOf(started), hasEnded(group.type), Number(now));
      return null;
    },
    result: () => JSON.stringify(groups.all().map(inSeconds)),
  });
}

function inSeconds({ bar, type, name, count, ran, late }: Group) {
  return {
    bar,
    state_type: type,
    state_name: name,
    count_runs: count,
    sum_estimated_run_time: ran / 1e6,
    sum_estimated_lateness: late / 1e6,
  };
}

/** `since` is only given for running runs: their current stretch counts. */
function ranFor(ran: SQLInputValue, since: SQLInputValue, now: number): number {
  const before = microsOf(ran) ?? 0;
  const stretch = since === null ? 0 : now - (microsOf(since) ?? now);
  return runTime(before, stretch);
}

/** A run without a state counts as ended, as in Postgres' SQL. */
function hasEnded(type: string | null): boolean {
  return type === null || terminal.has(type);
}

function textOrNull(value: SQLInputValue): string | null {
  return typeof value === 'string' ? value : null;
}

type Groups = { all(): Group[]; of(bar: number, type: string | null, name: string | null): Group };

function noGroups(): Groups {
  const byKey = new Map<string, Group>();
  let last: Group | undefined;
  return {
    all: () => [...byKey.values()],
    of: (bar, type, name) => {
      // Neighbours in time are mostly in the same bar and state.
      if (last?.bar === bar && last.name === name && last.type === type) return last;
      const key = `${bar} ${type} ${name}`;
      last = byKey.get(key) ?? { bar, type, name, count: 0, ran: 0, late: 0 };
      byKey.set(key, last);
      return last;
    },
  };
}

/** The starts of the days that occurred, in microseconds since 1970: computing one takes longer than everything else. */
const days = new Map<number, number>();
/** More than two years of days; then the cache is cleared. */
const mostDays = 1000;

/** Microseconds since 1970 of a timestamp in canonical form; undefined for anything else. */
function microsOf(moment: SQLInputValue): number | undefined {
  if (typeof moment !== 'string' || moment.length !== 26) return undefined;
  const seconds = digits(moment, 11) * 3600 + digits(moment, 14) * 60 + digits(moment, 17);
  const micros = digits(moment, 20) * 10_000 + digits(moment, 22) * 100 + digits(moment, 24);
  return startOfDay(moment) + seconds * 1e6 + micros;
}

function startOfDay(moment: string): number {
  const year = digits(moment, 0) * 100 + digits(moment, 2);
  const day = year * 400 + digits(moment, 5) * 32 + digits(moment, 8);
  const known = days.get(day);
  if (known !== undefined) return known;
  if (days.size >= mostDays) days.clear();
  const start = Date.parse(`${moment.slice(0, 10)}T00:00:00Z`) * 1000;
  days.set(day, start);
  return start;
}

function digits(text: string, at: number): number {
  return text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528;
}
