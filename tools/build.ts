import { fileURLToPath } from 'node:url';
import { buildPackages } from './build/build-packages.ts';

/** Builds the publishable packages into `dist/`, one folder each: `npm publish ./dist/contract`. */
const root = fileURLToPath(new URL('../', import.meta.url));
for (const { name, folder } of buildPackages(root, `${root}dist`)) {
  process.stdout.write(`${name} ${folder}\n`);
}
