import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const contract = fileURLToPath(new URL('../../', import.meta.url));

/** Every name under which the contract can be imported, such as `@mintaka/contract/states`. */
export function importNames(): string[] {
  const { name, exports } = JSON.parse(readFileSync(join(contract, 'package.json'), 'utf8'));
  return Object.keys(exports).map((path) => path.replace('.', name));
}

/** Code that imports everything and uses some of it; its exported `outcome` is what {@link expectedOutcome} says. */
export const probeCode = `
${importNames()
  .map((name, index) => `import * as module${index} from '${name}';`)
  .join('\n')}
import { createClient } from '@mintaka/contract/client';
import { operations } from '@mintaka/contract/operations';
import { isTimezone, cronProblem } from '@mintaka/contract/schedules';
import { FlowCreate } from '@mintaka/contract/schemas';
import { isTerminal } from '@mintaka/contract/states';
export const outcome = JSON.stringify({
  modules: [${importNames().map((_, index) => `Object.keys(module${index}).length > 0`)}].every(Boolean),
  zones: ['Europe/Berlin', 'US/Eastern', 'US/EASTERN', '+01:00'].map(isTimezone),
  cron: cronProblem('every day'),
  terminal: isTerminal('CRASHED'),
  calls: typeof createClient(operations, { fetch: undefined, baseUrl: '' }).flows.read.withStatus,
  flow: FlowCreate.safeParse({ name: 'a/b' }).error?.issues.length,
});
`;

/** What the probe finds on every platform. */
export const expectedOutcome = JSON.stringify({
  modules: true,
  zones: [true, true, false, false],
  cron: 'Invalid cron string: "every day"',
  terminal: true,
  calls: 'function',
  flow: 1,
});

/** A project of its own that depends on the contract, as one of a user does. Its files are gone after `close`. */
export function probeProject(code: string): { folder: string; file: string; close(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'mintaka-probe-'));
  const file = join(folder, 'probe.mjs');
  writeFileSync(file, code);
  symlinkSync(
    fileURLToPath(new URL('../../../../node_modules', import.meta.url)),
    join(folder, 'node_modules'),
  );
  return { folder, file, close: () => rmSync(folder, { recursive: true, force: true }) };
}
