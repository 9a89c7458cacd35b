import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ALL_SETTINGS, namesOf } from '@mintaka/settings';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (name: string) => readFileSync(join(root, 'deploy', name), 'utf8');
const manifest: { scripts: { start: string } } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'mintaka-deploy-'));
});
after(() => rmSync(folder, { recursive: true }));

function hasCommand(command: string, flag: string): boolean {
  return spawnSync(command, [flag]).error === undefined;
}

test('systemd accepts deploy/mintaka.service', (t) => {
  if (!hasCommand('systemd-analyze', '--version')) return t.skip('this machine has no systemd-analyze');
  const unit = join(folder, 'mintaka.service');
  // Only the path of the program is not there on this machine.
  writeFileSync(
    unit,
    read('mintaka.service').replace('/opt/mintaka/node_modules/.bin/node', process.execPath),
  );
  const { status, stderr } = spawnSync('systemd-analyze', ['verify', unit], { encoding: 'utf8' });
  assert.deepEqual([status, stderr], [0, '']);
});

test('nginx accepts deploy/nginx.conf', (t) => {
  if (!hasCommand('nginx', '-v')) return t.skip('this machine has no nginx');
  const tls = join(root, 'packages/testing/src/tls');
  const site = read('nginx.conf')
    .replace('/etc/ssl/flows.example.com.pem', join(tls, 'certificate.pem'))
    .replace('/etc/ssl/flows.example.com.key', join(tls, 'key.pem'));
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, `pid ${folder}/pid; error_log stderr; events {} http { access_log off; ${site} }`);
  const { status, stderr } = spawnSync('nginx', ['-t', '-c', file], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
});

test('the files in deploy/ start the server as npm start does, and use existing settings', () => {
  const started = manifest.scripts.start.replace('exec node ', '');
  assert.ok(read('mintaka.service').includes(`/node ${started}\n`));
  assert.ok(
    read('Dockerfile').includes(
      `ENTRYPOINT ${JSON.stringify(['node', ...started.split(' ')]).replaceAll(',', ', ')}`,
    ),
  );
  assert.ok(existsSync(join(root, started.split(' ').at(-1) ?? '')));
  const known = new Set(ALL_SETTINGS.flatMap(namesOf));
  for (const name of ['Dockerfile', 'mintaka.service', 'nginx.conf']) {
    for (const [setting] of read(name).matchAll(/\b(?:MINTAKA|PREFECT)_[A-Z_]+\b/g)) {
      assert.ok(known.has(setting), `${name} names ${setting}`);
    }
  }
});
