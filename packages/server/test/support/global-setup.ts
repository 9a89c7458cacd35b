import { postgresVariable } from './postgres.ts';
import { type Cluster, startCluster } from './postgres-cluster.ts';

let cluster: Cluster | undefined;

/** Starts one Postgres server for all test files, where none is given and the machine can (`node --test-global-setup`). */
export async function globalSetup(): Promise<void> {
  if (process.env[postgresVariable] !== undefined) return;
  cluster = await startCluster();
  if (cluster !== undefined) process.env[postgresVariable] = cluster.url;
}

/** Stops the server that {@link globalSetup} started. */
export async function globalTeardown(): Promise<void> {
  cluster?.stop();
}
