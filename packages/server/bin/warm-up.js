// Runs once after "npm ci": starts and stops a server on a temporary database, so that its sources are in Node's compile
// cache and the first real start needs no compiler. It prints nothing; the installation succeeds even if it fails.
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

if (Number(process.versions.node.split('.')[0]) >= 26) {
  require('node:module').enableCompileCache();
  const folder = mkdtempSync(join(tmpdir(), 'mintaka-warm-up-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  import('../src/warm-up.ts')
    .then(({ warmUp }) => warmUp(folder))
    .then(
      () => process.exit(0),
      () => process.exit(0),
    );
}
