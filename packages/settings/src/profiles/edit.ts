import { existsSync, mkdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { stringify } from 'smol-toml';
import { SettingsError } from '../settings-error.ts';
import type { ProfileEdit } from './edit-kinds.ts';
import { editText } from './edit-text.ts';
import { type Profiles, type ProfileValues, parseProfiles, readText } from './read.ts';

/**
 * Edits a profiles file and returns its new content. Comments, order and layout are preserved if each profile is a
 * table `[profiles.name]` with a line per setting, as Prefect writes it; a file in another layout is rewritten
 * without its comments. The file is replaced atomically; a new one is readable only by its owner, because profiles
 * may contain keys.
 * @throws SettingsError if the file cannot be read, the edited profile is missing, or a new name already exists.
 */
export function editProfiles(file: string, edit: ProfileEdit): Profiles {
  const before = existsSync(file) ? readText(file) : '';
  const edited = apply(parseProfiles(before, file), edit, file);
  const text = editText(before, edit);
  replaceFile(file, hasExactly(text, edited) ? text : wholeText(edited));
  return edited;
}

/** Whether the edited text parses to the intended profiles: the edit itself does not parse TOML completely. */
function hasExactly(text: string, wanted: Profiles): boolean {
  try {
    return isDeepStrictEqual(parseProfiles(text, ''), wanted);
  } catch {
    return false;
  }
}

function wholeText({ active, byName }: Profiles): string {
  const profiles = Object.fromEntries(
    [...byName].map(([name, values]) => [name, Object.fromEntries(values)]),
  );
  return stringify({ ...(active === undefined ? {} : { active }), profiles });
}

function apply({ active, byName }: Profiles, edit: ProfileEdit, file: string): Profiles {
  const profiles = new Map(byName);
  const { kind, profile } = edit;
  const values = profiles.get(profile);
  if (kind !== 'create' && kind !== 'set' && values === undefined) {
    throw new SettingsError(`profile "${profile}" not found in ${file}`);
  }
  switch (kind) {
    case 'use':
      return { active: profile, byName: profiles };
    case 'create':
      refuseTaken(profiles, profile, file);
      return { active, byName: profiles.set(profile, new Map(edit.values)) };
    case 'delete':
      profiles.delete(profile);
      return { active: active === profile ? undefined : active, byName: profiles };
    case 'rename': {
      refuseTaken(profiles, edit.to, file);
      const renamed = [...profiles].map(([name, kept]) => [name === profile ? edit.to : name, kept] as const);
      return { active: active === profile ? edit.to : active, byName: new Map(renamed) };
    }
    case 'set':
      return { active, byName: profiles.set(profile, new Map([...(values ?? []), ...edit.values])) };
    case 'unset': {
      const kept = [...(values ?? [])].filter(([name]) => !edit.names.includes(name));
      return { active, byName: profiles.set(profile, new Map(kept)) };
    }
  }
}

function refuseTaken(profiles: ReadonlyMap<string, ProfileValues>, name: string, file: string): void {
  if (profiles.has(name)) throw new SettingsError(`profile "${name}" already exists in ${file}`);
}

/** Replaces the content of a file atomically. Keeps links and permissions. */
function replaceFile(file: string, text: string): void {
  const isThere = existsSync(file);
  const target = isThere ? realpathSync(file) : file;
  const mode = isThere ? statSync(target).mode : 0o600;
  const written = `${target}.${process.pid}.new`;
  try {
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(written, text, { mode });
    renameSync(written, target);
  } catch (error) {
    rmSync(written, { force: true });
    const reason = error instanceof Error ? error.message : String(error);
    throw new SettingsError(`cannot write the profiles to ${file}: ${reason}`);
  }
}
