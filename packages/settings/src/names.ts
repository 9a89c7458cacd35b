import { CLIENT_SETTINGS } from './registry/client-settings.ts';
import { OWN_SETTINGS, SERVER_SETTINGS } from './registry/server-settings.ts';
import type { Setting } from './setting.ts';

/** All settings. */
export const ALL_SETTINGS: readonly Setting[] = [
  ...Object.values(SERVER_SETTINGS),
  ...Object.values(CLIENT_SETTINGS),
  ...Object.values(OWN_SETTINGS),
];

/** The variables that select the profile. They are not settings, because they are read before the settings. */
const PROFILE_NAMES = ['MINTAKA_PROFILE', 'PREFECT_PROFILE'] as const;

/** The one setting that the reference names without its prefix. */
const encryptionKeyNames = ['MINTAKA_ENCRYPTION_KEY', 'MINTAKA_ORION_ENCRYPTION_KEY', 'ORION_ENCRYPTION_KEY'];

/** All names of a setting; earlier names take precedence. */
export function namesOf({ name }: Setting): readonly string[] {
  if (name === 'MINTAKA_ENCRYPTION_KEY') return encryptionKeyNames;
  if (!name.startsWith('PREFECT_')) return [name];
  const bare = name.slice('PREFECT_'.length);
  const short = bare.startsWith('ORION_') ? [`MINTAKA_${bare.slice('ORION_'.length)}`] : [];
  return [...short, `MINTAKA_${bare}`, name];
}

/** The setting that has this name, one of {@link namesOf}; letters may be small. */
export function settingNamed(name: string): Setting | undefined {
  return ALL_SETTINGS.find((setting) => namesOf(setting).includes(name.toUpperCase()));
}

/**
 * Only unknown names with our own prefix are reported: the environment may contain settings of Prefect's clients and
 * later releases.
 */
const judged = /^MINTAKA_(?!TEST_)/;

/** A line about each name that looks like a setting but is unknown. */
export function unknownNames(
  given: Iterable<string>,
  isJudged = (name: string) => judged.test(name),
): string[] {
  const known = ALL_SETTINGS.flatMap(namesOf).concat(PROFILE_NAMES);
  const knownSet = new Set(known);
  const lines: string[] = [];
  for (const name of given) {
    if (knownSet.has(name) || !isJudged(name)) continue;
    const meant = nearest(name, known);
    lines.push(`unknown setting ${name}${meant === undefined ? '' : `: did you mean ${meant}?`}`);
  }
  return lines;
}

/** The candidate with the smallest edit distance, if it is small enough for a typing error. */
function nearest(name: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let fewest = Math.max(3, Math.floor(name.length / 4)) + 1;
  for (const candidate of candidates) {
    const count = edits(name, candidate);
    if (count < fewest) {
      best = candidate;
      fewest = count;
    }
  }
  return best;
}

/** The number of letters to insert, delete or change to turn one text into the other (Levenshtein distance). */
function edits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      const change = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
