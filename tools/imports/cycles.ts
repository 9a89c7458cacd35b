import { dirname, join } from 'node:path/posix';
import { importsOf, type Source } from './check.ts';

/** The imports of a file or folder, by name, each with an example. */
type Neighbours = Map<string, string>;
/** The files and folders of one folder, by name. */
type Siblings = Map<string, Neighbours>;

/**
 * A line for each import cycle, including type imports. Within each folder the files and subfolders must not form a cycle, so
 * there are no cycles between files or between sibling folders; a folder may use its parent's files.
 */
export function findCycles(sources: readonly Source[]): string[] {
  const faults: string[] = [];
  for (const [folder, siblings] of siblingsOf(sources)) {
    const cycle = cycleOf(siblings);
    if (cycle === undefined) continue;
    const steps = cycle.map((name, place) => siblings.get(name)?.get(cycle[place + 1] ?? cycle[0] ?? ''));
    faults.push(`${folder}: the imports form a cycle; remove one of these:\n  ${steps.join('\n  ')}`);
  }
  return faults;
}

function siblingsOf(sources: readonly Source[]): Map<string, Siblings> {
  const folders = new Map<string, Siblings>();
  for (const { path, text } of sources) {
    for (const target of importsOf(text)) {
      if (!target.startsWith('.')) continue;
      const file = join(dirname(path), target);
      const { folder, from, to } = parting(path, file);
      const siblings = folders.get(folder) ?? new Map<string, Neighbours>();
      const neighbours = siblings.get(from) ?? new Map<string, string>();
      if (!neighbours.has(to)) neighbours.set(to, `${path} imports ${file}`);
      folders.set(folder, siblings.set(from, neighbours));
    }
  }
  return folders;
}

/** The deepest common folder of two files, and the child of it that each of them is, or is in. */
function parting(path: string, file: string): { folder: string; from: string; to: string } {
  const [one, other] = [path.split('/'), file.split('/')];
  const depth = one.findIndex((name, place) => name !== other[place]);
  return { folder: one.slice(0, depth).join('/'), from: one[depth] ?? '', to: other[depth] ?? '' };
}

/** The names on a cycle, in order; undefined without one. */
function cycleOf(siblings: Siblings): string[] | undefined {
  const finished = new Set<string>();
  const path: string[] = [];

  function visit(name: string): string[] | undefined {
    if (finished.has(name)) return undefined;
    const start = path.indexOf(name);
    if (start >= 0) return path.slice(start);
    path.push(name);
    for (const next of siblings.get(name)?.keys() ?? []) {
      const cycle = visit(next);
      if (cycle !== undefined) return cycle;
    }
    path.pop();
    finished.add(name);
    return undefined;
  }

  for (const name of siblings.keys()) {
    const cycle = visit(name);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
