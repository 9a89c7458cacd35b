import { systemClock } from '../../packages/server/src/clock.ts';
import { openDatabase, prepareSchema } from '../../packages/server/src/database/open.ts';
import type { Context } from '../../packages/server/src/domain/context.ts';
import { createContext } from '../../packages/server/src/domain/create-context.ts';
import { systemRandom } from '../../packages/server/src/random.ts';
import { systemTimer } from '../../packages/server/src/services/loop.ts';
import { readSettings } from '../../packages/server/src/settings.ts';
import type { BenchDatabase } from './databases.ts';

/** Opens a database as our server does, for work inside this process; creates its tables if they are missing. */
export async function openContext({ serverUrl }: BenchDatabase): Promise<Context> {
  const settings = readSettings({ ...process.env, PREFECT_ORION_DATABASE_CONNECTION_URL: serverUrl });
  const database = await openDatabase({
    url: settings.databaseUrl,
    ...settings.database,
    monotonic: () => performance.now(),
    onConnectionLost: () => {},
  });
  await prepareSchema(database, true);
  return createContext({
    database,
    settings,
    clock: systemClock,
    random: systemRandom,
    timer: systemTimer,
  });
}
