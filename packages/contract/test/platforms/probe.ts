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

/** Code that imports everything and uses some of it; its exported `outcome` must equal {@link expectedOutcome}. */
export const probeCode = `
${importNames()
  .map((name, index) => `import * as module${index} from '${name}';`)
  .join('\n')}
import { createClient } from '@mintaka/contract/client';
import { operations } from '@mintaka/contract/operations';
import { cronProblem, isTimezone, scheduleDates } from '@mintaka/contract/schedules';
import { FlowCreate } from '@mintaka/contract/schemas';
import { isTerminal } from '@mintaka/contract/states';
import { timestamp } from '@mintaka/contract/timestamp';
const now = timestamp('2026-03-29 00:30:00.000000');
const datesIn = (timezone) => scheduleDates({ cron: '30 2 * * *', timezone }, { now, limit: 2 });
function problemOf(call) {
  try {
    call();
  } catch (error) {
    return error.message;
  }
}
export const outcome = JSON.stringify({
  modules: [${importNames().map((_, index) => `Object.keys(module${index}).length > 0`)}].every(Boolean),
  zones: ['Europe/Berlin', 'US/Eastern', 'US/EASTERN', '+01:00'].map(isTimezone),
  cron: cronProblem('every day'),
  dates: datesIn('UTC'),
  withoutTemporal: problemOf(() => datesIn('Europe/Berlin')),
  terminal: isTerminal('CRASHED'),
  calls: typeof createClient(operations, { fetch: undefined, baseUrl: '' }).flows.read.withStatus,
  flow: FlowCreate.safeParse({ name: 'a/b' }).error?.issues.length,
});
`;

/** The result of the probe on every platform. */
export const expectedOutcome = JSON.stringify({
  modules: true,
  zones: [true, true, false, false],
  cron: 'Invalid cron string: "every day"',
  dates: ['2026-03-29 02:30:00.000000', '2026-03-30 02:30:00.000000'],
  withoutTemporal:
    'Schedules in a time zone other than UTC need Temporal: use Node 26 or later, or set globalThis.Temporal to a polyfill.',
  terminal: true,
  calls: 'function',
  flow: 1,
});

/** A separate project that depends on the contract, as a user's does. Its files are removed by `close`. */
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
