import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'smol-toml';
import { SettingsError } from '../settings-error.ts';

/** The settings of one profile: strings by the names in the file. */
export type ProfileValues = ReadonlyMap<string, string>;

/** The content of a profiles file. */
export type Profiles = {
  /** The profile that the file declares as active. */
  readonly active: string | undefined;
  readonly byName: ReadonlyMap<string, ProfileValues>;
};

/** The profile that is used if no other is selected; it need not be in the file. */
const DEFAULT_PROFILE = 'default';

/**
 * Reads a file of profiles in Prefect's format: `active = "name"`, then tables `[profiles.name]` with settings. A missing file
 * is an empty one.
 * @throws SettingsError if the file cannot be read.
 */
export function readProfiles(file: string): Profiles {
  return parseProfiles(existsSync(file) ? readText(file) : '', file);
}

/** Parses a text in this format; `file` is its name in messages. @throws SettingsError */
export function parseProfiles(text: string, file: string): Profiles {
  const content = readToml(text, file);
  const byName = new Map<string, ProfileValues>();
  for (const [name, profile] of Object.entries(tableOf(content.profiles) ?? {})) {
    byName.set(name, valuesOf(tableOf(profile) ?? {}, file));
  }
  return { active: textOf(content.active), byName };
}

function valuesOf(profile: Record<string, unknown>, file: string): ProfileValues {
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(profile)) {
    const given = textOf(value);
    if (given === undefined) {
      throw new SettingsError(`${name} in ${file}: a setting must be a single string, number or boolean`);
    }
    values.set(name, given);
  }
  return values;
}

/** The active profile by name, and a warning if the file does not contain it. */
export type ActiveProfile = { name: string; values: ProfileValues; warnings: readonly string[] };

/**
 * Determines the active profile.
 * @param chosen the profile that the environment selects; it takes precedence over the file's `active`.
 */
export function activeProfile(file: string, profiles: Profiles, chosen: string | undefined): ActiveProfile {
  const name = chosen ?? profiles.active ?? DEFAULT_PROFILE;
  const values = profiles.byName.get(name);
  if (values !== undefined) return { name, values, warnings: [] };
  const warning = `profile "${name}" not found in ${file}; ignoring it`;
  return { name, values: new Map(), warnings: name === DEFAULT_PROFILE ? [] : [warning] };
}

/** The text of a file. @throws SettingsError */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
}

function readToml(text: string, file: string): Record<string, unknown> {
  try {
    return parse(text);
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string, error: unknown): SettingsError {
  const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
  return new SettingsError(`cannot read the profiles in ${file}: ${reason}`);
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
