import { startCluster } from '@mintaka/testing/cluster';
import { type Dialect, postgresUrl } from '@mintaka/testing/databases';
import { installReference } from '@mintaka/testing/reference';

/** The dialects that a comparison is run on. */
export const dialects: readonly Dialect[] = ['sqlite', 'postgres'];

/**
 * Why a comparison cannot run here: the reference cannot be installed, or Postgres is missing. False if everything is
 * available.
 * @throws Error if MINTAKA_TEST_REQUIRE_ALL=1 requires all tests.
 */
export async function missing(dialect: Dialect): Promise<string | false> {
  const reason = missingReference() ?? (dialect === 'postgres' ? await missingPostgres() : undefined);
  if (reason === undefined) return false;
  if (process.env.MINTAKA_TEST_REQUIRE_ALL === '1') throw new Error(reason);
  return reason;
}

/** A size that the environment may change. */
export function size(variable: string, otherwise: number): number {
  return Number(process.env[variable] ?? otherwise);
}

function missingReference(): string | undefined {
  try {
    installReference();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function missingPostgres(): Promise<string | undefined> {
  if (postgresUrl() !== undefined) return undefined;
  const cluster = await startCluster();
  if (cluster === undefined) return 'Postgres is not installed';
  process.once('exit', cluster.stop);
  process.env.MINTAKA_TEST_POSTGRES_URL = cluster.url;
  return undefined;
}
