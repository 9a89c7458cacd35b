import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type PublishedPackage, publishedManifest, publishedPackages } from './published.ts';

/** A package that was built: a folder for `npm pack` and `npm publish`. */
export type BuiltPackage = { name: string; folder: string };

/**
 * Builds all publishable packages into folders below `target`, which is emptied first. In each, `lib/` corresponds to `src/`:
 * JavaScript and declarations instead of TypeScript, and all other files unchanged.
 * @throws Error if the compiler reports an error.
 */
export function buildPackages(root: string, target: string): BuiltPackage[] {
  const packages = publishedPackages(root);
  const compiled = mkdtempSync(join(tmpdir(), 'mintaka-build-'));
  rmSync(target, { recursive: true, force: true });
  try {
    compile(root, compiled, packages);
    return packages.map((each) => {
      const folder = join(target, each.place);
      assemble(root, join(compiled, each.place, 'src'), each, folder);
      return { name: each.manifest.name, folder };
    });
  } finally {
    rmSync(compiled, { recursive: true });
  }
}

/** One run for all: the packages import each other's sources. */
function compile(root: string, compiled: string, packages: readonly PublishedPackage[]): void {
  const project = join(compiled, 'tsconfig.json');
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    rewriteRelativeImportExtensions: true,
    rootDir: join(root, 'packages'),
    outDir: compiled,
    typeRoots: [join(root, 'node_modules/@types')],
  };
  const include = packages.map(({ folder }) => join(folder, 'src'));
  writeFileSync(project, JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, include }));
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [compiler, '--project', project], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

function assemble(
  root: string,
  compiled: string,
  { folder, manifest }: PublishedPackage,
  built: string,
): void {
  const lib = join(built, 'lib');
  mkdirSync(built, { recursive: true });
  cpSync(compiled, lib, { recursive: true });
  for (const file of globSync('src/**/*', { cwd: folder, withFileTypes: true })) {
    if (!file.isFile() || file.name.endsWith('.ts')) continue;
    const path = join(file.parentPath, file.name);
    const copy = join(lib, path.slice(join(folder, 'src').length));
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(path, copy);
  }
  if (existsSync(join(folder, 'bin'))) cpSync(join(folder, 'bin'), join(built, 'bin'), { recursive: true });
  for (const file of globSync('{lib,bin}/**/*.{js,d.ts}', { cwd: built })) pointToBuilt(join(built, file));
  copyFileSync(join(folder, 'README.md'), join(built, 'README.md'));
  copyFileSync(join(root, 'LICENSE'), join(built, 'LICENSE'));
  writeFileSync(join(built, 'package.json'), `${JSON.stringify(publishedManifest(manifest), null, 2)}\n`);
}

/** The compiler only rewrites imports of its own input, not those of declarations and of JavaScript files. */
function pointToBuilt(file: string): void {
  const text = readFileSync(file, 'utf8');
  const changed = text
    .replaceAll(/(["'])(\.\.?\/[^"'\n]+)\.ts\1/g, '$1$2.js$1')
    .replaceAll(/(["'])\.\.\/src\/([^"'\n]+\.js)\1/g, '$1../lib/$2$1');
  if (changed !== text) writeFileSync(file, changed);
}
