import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { referenceHome } from '@mintaka/testing/reference';

const requirements = fileURLToPath(new URL('requirements.txt', import.meta.url));

/**
 * Installs Schemathesis once, in its own virtual environment next to that of the reference; later calls find it.
 * @returns the program.
 * @throws Error that names what is missing, such as Python.
 */
export function installFuzzer(): string {
  const version = /^schemathesis==(\S+)$/m.exec(readFileSync(requirements, 'utf8'))?.[1];
  const environment = join(referenceHome(), `schemathesis-${version}`);
  const program = join(environment, 'bin', 'schemathesis');
  if (existsSync(program)) return program;
  try {
    execute('python3', ['-m', 'venv', environment]);
    execute(join(environment, 'bin', 'pip'), ['install', '--quiet', '--requirement', requirements]);
  } catch (error) {
    rmSync(environment, { recursive: true, force: true });
    throw error;
  }
  return program;
}

function execute(command: string, args: string[]): void {
  const result = spawnSync(command, args, { encoding: 'utf8' });
  if (result.status === 0) return;
  const reason = result.error?.message ?? result.stderr;
  throw new Error(`Schemathesis cannot be installed: ${command} ${args.join(' ')} failed: ${reason}`);
}
