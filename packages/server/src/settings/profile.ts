import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'smol-toml';
import { SettingsError } from './settings-error.ts';

/** The values that a file of profiles gives, by the names in it, and what is odd about the file. */
export type Profile = { values: ReadonlyMap<string, string>; warnings: readonly string[] };

const empty: Profile = { values: new Map(), warnings: [] };

/**
 * Reads the active profile of a file in Prefect's format: `active = "name"`, then a table `[profiles.name]` with settings.
 * A missing file is an empty one.
 * @param chosen the profile that the environment asks for; it goes before the file's `active`.
 * @throws SettingsError where the file cannot be read.
 */
export function readProfile(file: string, chosen: string | undefined): Profile {
  if (!existsSync(file)) return chosen === undefined || chosen === 'default' ? empty : missing(chosen, file);
  const content = readToml(file);
  const active = chosen ?? textOf(content.active) ?? 'default';
  const profile = tableOf(tableOf(content.profiles)?.[active]);
  if (profile === undefined) return active === 'default' ? empty : missing(active, file);
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(profile)) {
    const given = textOf(value);
    if (given === undefined)
      throw new SettingsError(`${name} in ${file}: a setting is one text, number or boolean`);
    values.set(name, given);
  }
  return { values, warnings: [] };
}

function missing(profile: string, file: string): Profile {
  return {
    values: new Map(),
    warnings: [`there is no profile "${profile}" in ${file}; its settings are left out`],
  };
}

function readToml(file: string): Record<string, unknown> {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    throw new SettingsError(`cannot read the profiles in ${file}: ${reason}`);
  }
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint'
    ? String(value)
    : undefined;
}

function tableOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}
