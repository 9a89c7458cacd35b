import { dirname, join } from 'node:path/posix';
import { bannedTexts, closedTo, type ImportRule, importRules } from './rules.ts';

/** A source file: its path from the root of the repository, and its text. */
export type Source = { path: string; text: string };

const importForms = [
  /^\s*(?:import|export)\s[^'";]*?\bfrom\s*['"]([^'"]+)['"]/gm,
  /^\s*import\s*['"]([^'"]+)['"]/gm,
  /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g,
  /\bnew URL\(\s*['"](\.[^'"]+\.ts)['"],\s*import\.meta\.url\)/g,
];

/** A line for each forbidden import, and each banned text. */
export function findFaults(source: Source): string[] {
  const rule = ruleFor(source.path);
  if (rule === undefined) return [`${source.path}: no import rule covers this file`];
  const faults: string[] = [];
  for (const target of importsOf(source.text)) {
    const fault = judge(source.path, target, rule);
    if (fault !== undefined) faults.push(`${source.path}: imports ${target}: ${fault}`);
  }
  for (const { pattern, allowed, reason } of bannedTexts) {
    const found = pattern.exec(source.text);
    if (found === null || allowed.some((place) => isWithin(source.path, place))) continue;
    faults.push(`${source.path}: has "${found[0].split('\n', 1)[0]}": ${reason}`);
  }
  return faults;
}

/** The imports of a text, including dynamic ones and those of threads. */
export function importsOf(text: string): string[] {
  return importForms.flatMap((form) => [...text.matchAll(form)].flatMap((match) => match[1] ?? []));
}

function judge(path: string, target: string, rule: ImportRule): string | undefined {
  if (!target.startsWith('.')) {
    const isAllowed = rule.packages.some((name) =>
      name === 'node:' ? target.startsWith(name) : isPackage(target, name),
    );
    return isAllowed ? undefined : `${rule.within} may import these packages: ${rule.packages.join(', ')}`;
  }
  const file = join(dirname(path), target);
  const closed = closedTo.find(({ folder, from }) => isWithin(file, folder) && isWithin(path, from));
  if (closed !== undefined) return closed.reason;
  if (ruleFor(file) === rule || rule.ours.some((place) => isWithin(file, place))) return undefined;
  return `an import only goes down, and that is not below ${rule.within}`;
}

function ruleFor(path: string): ImportRule | undefined {
  const fitting = importRules.filter((rule) => isWithin(path, rule.within));
  return fitting.toSorted((a, b) => b.within.length - a.within.length)[0];
}

function isWithin(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}/`);
}

function isPackage(target: string, name: string): boolean {
  return target === name || target.startsWith(`${name}/`);
}
