import { createLog } from './log.ts';
import { readSettings } from './settings.ts';
import { startServer } from './start.ts';

/**
 * Starts and stops a server on a database in `home`, without a word, so that its sources are in Node's compile cache. `run.ts`
 * is loaded for the same reason.
 */
export async function warmUp(home: string): Promise<void> {
  await import('./run.ts');
  const settings = readSettings({ MINTAKA_HOME: home, MINTAKA_API_PORT: '0' });
  const log = createLog('CRITICAL', (text) => text);
  const server = await startServer(settings, { log });
  await server.stop();
}
