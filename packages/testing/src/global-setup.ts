import { type Cluster, startCluster } from './cluster.ts';
import { endCoverage, startCoverage } from './coverage.ts';
import { postgresVariable } from './postgres.ts';

let cluster: Cluster | undefined;
let coverage: string | undefined;

/**
 * Starts one Postgres server for all test files if none is given and Postgres is installed (`node
 * --test-global-setup`), and lets them record which operations of the API they cover.
 */
export async function globalSetup(): Promise<void> {
  coverage = startCoverage();
  if (process.env[postgresVariable] !== undefined) return;
  cluster = await startCluster();
  if (cluster !== undefined) process.env[postgresVariable] = cluster.url;
  else leaveOut('tests on Postgres', `install Postgres, or name a server in ${postgresVariable}`);
}

/** Reports what is not tested and how to enable it; this is an error if all tests are required. */
function leaveOut(what: string, remedy: string): void {
  const line = `LEFT OUT: ${what}; ${remedy}`;
  if (process.env.MINTAKA_TEST_REQUIRE_ALL !== undefined) throw new Error(line);
  process.stderr.write(`${line}\n`);
}

/** Stops the server that {@link globalSetup} started, and ends its notes. */
export async function globalTeardown(): Promise<void> {
  cluster?.stop();
  if (coverage !== undefined) endCoverage(coverage);
}
