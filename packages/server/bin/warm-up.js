// Runs once after `npm ci`: starts and stops a server on a database that is thrown away, so that its sources are in Node's
// compile cache and the first real start needs no compiler. It only saves time and memory, so a failure is no failure of
// the installation.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

if (Number(process.versions.node.split('.', 1)[0]) >= 26) {
  const folder = mkdtempSync(join(tmpdir(), 'mintaka-warm-up-'));
  process.on('exit', () => {
    rmSync(folder, { recursive: true, force: true });
    process.exitCode = 0;
  });
  process.env.MINTAKA_HOME = folder;
  process.env.MINTAKA_DATABASE_CONNECTION_URL = `sqlite:///${join(folder, 'warm-up.db')}`;
  process.env.MINTAKA_API_PORT = '0';
  try {
    await import('./mintaka-server.js');
    process.kill(process.pid, 'SIGTERM');
  } catch {
    process.exit(0);
  }
}
