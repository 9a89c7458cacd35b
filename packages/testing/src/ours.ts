import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cleanEnvironment, type RunningServer, startInFolder } from './process.ts';
import { quietSettings, type ServerOptions } from './reference.ts';

const main =
  process.env.MINTAKA_TEST_MAIN ??
  fileURLToPath(new URL('../../server/bin/mintaka-server.js', import.meta.url));

/** Whether our server's sources are here. */
export function hasOurs(): boolean {
  return existsSync(main);
}

/** Starts our server on a free port, with the same settings as the reference gets. */
export function startOurs({
  database,
  loops = false,
  settings,
  openFiles,
}: ServerOptions): Promise<RunningServer> {
  return startInFolder('ours', ({ folder, port }) => ({
    ...(openFiles === undefined
      ? { command: process.execPath, args: [main] }
      : { command: 'sh', args: ['-c', `ulimit -n ${openFiles}; exec "$0" "$@"`, process.execPath, main] }),
    env: cleanEnvironment({
      PREFECT_HOME: folder,
      PREFECT_ORION_API_HOST: '127.0.0.1',
      PREFECT_ORION_API_PORT: `${port}`,
      PREFECT_ORION_DATABASE_CONNECTION_URL: database.url,
      ...(loops ? {} : quietSettings),
      ...settings,
    }),
  }));
}
