import { homedir } from 'node:os';
import { unknownNames } from './names.ts';
import { activeProfile, readProfiles } from './profiles/read.ts';
import { SERVER_SETTINGS } from './registry/server-settings.ts';
import { gather, type Source, type Values } from './values.ts';

/** The environment of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The values of all settings, and the place of the profiles. */
export type GivenValues = Values & {
  /** The file with the profiles; it may be missing. */
  readonly profilesFile: string;
  /** The name of the active profile. */
  readonly profile: string;
  /** Warnings about names in the environment and in the profile, one line each. */
  readonly warnings: readonly string[];
};

/**
 * Reads the values of all settings. In order of precedence they come from `overrides`, the environment, the active
 * profile, and the defaults. A value is validated when it is read.
 * @throws SettingsError if the file with the profiles cannot be read.
 */
export function readValues(environment: Environment, overrides: Source = { texts: new Map() }): GivenValues {
  const given = new Map<string, string>();
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined) given.set(name.toUpperCase(), value);
  }
  const userHome = environment.HOME ?? homedir();
  const profilesFile = gather([overrides, { texts: given }], userHome).path(SERVER_SETTINGS.profilesPath);
  const chosen = given.get('MINTAKA_PROFILE') ?? given.get('PREFECT_PROFILE');
  const { name, values, warnings } = activeProfile(profilesFile, readProfiles(profilesFile), chosen);
  return {
    ...gather([overrides, { texts: given }, { texts: values }], userHome),
    profilesFile,
    profile: name,
    warnings: [...warnings, ...unknownNames(given.keys()), ...unknownNames(values.keys(), () => true)],
  };
}
