import { globSync, readFileSync } from 'node:fs';

// The checker in JavaScript; its other forms are not installed.
process.env.RECHECK_BACKEND = 'pure';
const { findSlowExpressions } = await import('./expressions/check.ts');

/**
 * Checks that every regular expression of the sources takes linear time; prints those that do not and fails. Code that only
 * tests use is excluded, because it reads no foreign text.
 */
const paths = globSync('packages/*/{src,bin}/**/*.{ts,js}').filter(
  (path) => !path.startsWith('packages/testing/'),
);
const faults = paths.flatMap((path) => findSlowExpressions({ path, text: readFileSync(path, 'utf8') }));
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.stdout.write(`expressions: ${paths.length} files, ${faults.length} faults\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
