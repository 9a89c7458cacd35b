import { globSync, readFileSync } from 'node:fs';
import { findFaults, type Source } from './imports/check.ts';
import { findCycles } from './imports/cycles.ts';

/** Checks all sources against the import rules, and all files for cycles; prints violations and fails if there are any. */
const read = (path: string): Source => ({ path, text: readFileSync(path, 'utf8') });
const sources = globSync('packages/*/src/**/*.ts')
  .filter((path) => !path.startsWith('packages/ui/'))
  .map(read);
const others = globSync('{packages/*/test,conformance,bench,tools}/**/*.ts').map(read);
const faults = [...sources.flatMap(findFaults), ...findCycles([...sources, ...others])];
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.stdout.write(`import rules: ${sources.length} files, ${faults.length} faults\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
