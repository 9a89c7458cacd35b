import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { expectedOutcome, probeCode, probeProject } from './probe.ts';

/** The oldest version that runs TypeScript sources directly. */
const oldest = '22.18.0';
const folder = fileURLToPath(new URL(`../../../../.cache/node-${oldest}`, import.meta.url));
const packageName = `node-${process.platform}-${process.arch}`;
const binary = join(folder, 'node_modules', packageName, 'bin/node');

/** Downloads the old Node once; only the tests need it, so it is not a dependency. */
function fetchNode(): boolean {
  if (existsSync(binary)) return true;
  const options = ['--no-save', '--no-audit', '--no-fund', '--prefer-offline', '--fetch-retries=0'];
  try {
    execFileSync('npm', ['install', '--prefix', folder, ...options, `${packageName}@${oldest}`], {
      stdio: 'ignore',
    });
  } catch {
    return false;
  }
  return existsSync(binary);
}

test(`everything in the contract loads and works on Node ${oldest}`, (context: TestContext) => {
  if (!fetchNode()) {
    assert.equal(process.env.MINTAKA_TEST_REQUIRE_ALL, undefined, `npm has no Node ${oldest}`);
    return context.skip(`Node ${oldest} could not be fetched from npm`);
  }
  const project = probeProject(`${probeCode}\nconsole.log(process.version, outcome);`);
  try {
    const printed = execFileSync(binary, ['--no-warnings', project.file], { encoding: 'utf8' });
    assert.equal(printed.trim(), `v${oldest} ${expectedOutcome}`);
  } finally {
    project.close();
  }
});
