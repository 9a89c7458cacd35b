import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** The fields of a package.json that the build reads. All others are published unchanged. */
export type Manifest = {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
};

/** A package of this repository that can be published. */
export type PublishedPackage = {
  /** Its folder below `packages/`, such as `contract`. */
  readonly place: string;
  /** The folder of its sources. */
  readonly folder: string;
  readonly manifest: Manifest;
};

/** Every package of the repository that is not private, in the order of their names. */
export function publishedPackages(root: string): PublishedPackage[] {
  return globSync('packages/*/package.json', { cwd: root })
    .toSorted()
    .map((path) => {
      const manifest: Manifest = JSON.parse(readFileSync(join(root, path), 'utf8'));
      return { place: basename(dirname(path)), folder: join(root, dirname(path)), manifest };
    })
    .filter(({ manifest }) => manifest.private !== true);
}

/**
 * The package.json of a published package: its exports point to the built files, and the scripts, which only make sense in
 * the repository, are omitted.
 */
export function publishedManifest(manifest: Manifest): object {
  const { exports = {}, ...rest } = manifest;
  const built = Object.entries(exports).map(([name, source]) => [
    name,
    { types: builtPath(source, '.d.ts'), default: builtPath(source, '.js') },
  ]);
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([field]) => field !== 'scripts')),
    exports: { ...Object.fromEntries(built), './package.json': './package.json' },
  };
}

function builtPath(source: string, ending: string): string {
  const path = /^\.\/src\/(.+)\.ts$/.exec(source)?.[1];
  if (path === undefined) throw new Error(`"${source}" is not a source file below ./src`);
  return `./lib/${path}${ending}`;
}
