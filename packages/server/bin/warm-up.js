// Runs once after "npm ci": starts and stops a server on a temporary database, so that its sources are in Node's compile cache
// and the first real start needs no compiler. It prints nothing; if it fails, the installation is still good.
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

if (Number(process.versions.node.split('.')[0]) >= 26) {
  const folder = mkdtempSync(join(tmpdir(), 'mintaka-warm-up-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  warmUp(folder).then(
    () => process.exit(0),
    () => process.exit(0),
  );
}

async function warmUp(home) {
  require('node:module').enableCompileCache();
  const { createLog } = await import('../src/log.ts');
  const { readSettings } = await import('../src/settings.ts');
  const { startServer } = await import('../src/start.ts');
  await import('../src/run.ts');
  const settings = readSettings({ MINTAKA_HOME: home, MINTAKA_API_PORT: '0' });
  const server = await startServer(settings, createLog('CRITICAL'));
  await server.stop();
}
