import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { OnCommit } from './database/database.ts';
import type { Observer } from './domain/observer.ts';
import { mostCounted } from './domain/runs/waiting-runs.ts';
import type { HttpMetrics } from './http/metrics-page.ts';
import type { LoopObserver } from './services/loop.ts';

/** The metrics of one server, which receive everything that the floors report. */
export type Metrics = HttpMetrics &
  Observer &
  LoopObserver & {
    committed: OnCommit;
    /** The event loop was late for a timer, in seconds. */
    eventLoopDelayed(seconds: number): void;
  };

const fast = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const delays = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 5];
const slow = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300];
const waits = [0.1, 0.5, 1, 2.5, 5, 10, 15, 30, 60, 300, 1800, 7200];
const counts = [1, 2, 5, 10, 20, 50, 100];

/** Creates the metrics in a new registry, or in a given one. */
export function createMetrics(registry = new Registry()): Metrics {
  const registers = [registry];
  const requests = new Histogram({
    name: 'mintaka_http_request_duration_seconds',
    help: 'Duration of requests, by method, route pattern and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: fast,
    registers,
  });
  const states = new Counter({
    name: 'mintaka_state_changes_total',
    help: 'Proposed states of runs, by answer.',
    labelNames: ['kind', 'state_type', 'status'],
    registers,
  });
  const lateness = new Histogram({
    name: 'mintaka_run_start_lateness_seconds',
    help: 'Delay between the expected and the actual first start of a run.',
    labelNames: ['kind'],
    buckets: waits,
    registers,
  });
  const polls = new Histogram({
    name: 'mintaka_dispatch_duration_seconds',
    help: 'Duration of polls of work pools and work queues.',
    labelNames: ['source'],
    buckets: fast,
    registers,
  });
  const dispatched = new Counter({
    name: 'mintaka_dispatched_runs_total',
    help: 'Flow runs returned to polls, in each of which a run is counted until it is claimed, and to claims.',
    labelNames: ['source'],
    registers,
  });
  const commits = new Histogram({
    name: 'mintaka_database_commit_duration_seconds',
    help: 'Duration of database commits.',
    buckets: fast,
    registers,
  });
  const shared = new Histogram({
    name: 'mintaka_database_commit_transactions',
    help: 'Transactions per database commit.',
    buckets: counts,
    registers,
  });
  const rounds = new Histogram({
    name: 'mintaka_loop_round_duration_seconds',
    help: 'Duration of the rounds of background loops.',
    labelNames: ['loop'],
    buckets: slow,
    registers,
  });
  const failures = new Counter({
    name: 'mintaka_loop_failures_total',
    help: 'Failed rounds of background loops.',
    labelNames: ['loop'],
    registers,
  });
  const delayed = new Histogram({
    name: 'mintaka_event_loop_delay_seconds',
    help: 'Delay of the event loop, measured with a 20 ms timer.',
    buckets: delays,
    registers,
  });
  const waiting = new Gauge({
    name: 'mintaka_waiting_flow_runs',
    help: `Flow runs that are due or late and not claimed, each counted up to ${mostCounted}.`,
    labelNames: ['state'],
    registers,
  });

  return {
    answered: ({ method, route, status, seconds }) => requests.observe({ method, route, status }, seconds),
    stateAnswered: (kind, proposed, status) => states.inc({ kind, state_type: proposed, status }),
    runStarted: (kind, seconds) => lateness.observe({ kind }, seconds),
    pollAnswered: (source, seconds, runs) => {
      polls.observe({ source }, seconds);
      dispatched.inc({ source }, runs);
    },
    runsClaimed: (runs) => dispatched.inc({ source: 'claim' }, runs),
    committed: (seconds, transactions) => {
      commits.observe(seconds);
      shared.observe(transactions);
    },
    roundEnded: (loop, seconds, failed) => {
      rounds.observe({ loop }, seconds);
      failures.inc({ loop }, failed ? 1 : 0);
    },
    eventLoopDelayed: (seconds) => delayed.observe(seconds),
    page: async (runs) => {
      waiting.reset();
      if (runs !== undefined) {
        waiting.set({ state: 'due' }, runs.due);
        waiting.set({ state: 'late' }, runs.late);
      }
      return { type: registry.contentType, text: await registry.metrics() };
    },
  };
}

/** The same, with the metrics of this process: CPU time, memory, event loop, garbage collection. */
export function createProcessMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return createMetrics(registry);
}
