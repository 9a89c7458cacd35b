import { join } from 'node:path';
import { namesOf, settingNamed } from './names.ts';
import { SERVER_SETTINGS } from './registry/server-settings.ts';
import type { Setting } from './setting.ts';
import { SettingsError } from './settings-error.ts';
import { fillIn } from './template.ts';
import { urlHost } from './urls.ts';

/** The values of all settings. */
export type Values = {
  /** The value of a setting, or its fallback. @throws SettingsError if it breaks the rule. */
  of<Value, Fallback>(setting: Setting<Value, Fallback>): Value | Fallback;
  /** A text after replacing its references to other settings. @throws SettingsError */
  filled<Fallback extends string | null>(setting: Setting<string, Fallback>): string | Fallback;
  /** Like {@link filled} for a path; `~` is the user's home folder. @throws SettingsError */
  path(setting: Setting<string, string>): string;
};

/** A source of values, such as the environment. */
export type Source = {
  /** Values by any name of a setting. */
  texts: ReadonlyMap<string, string>;
  /** The source's own name for a setting, for messages; the name itself by default. */
  callsIt?: (name: string) => string;
};

const { home, databasePassword, databaseUrl, apiHost, apiPort, apiUrl } = SERVER_SETTINGS;

/** Looks up values in the sources; earlier sources take precedence. */
export function gather(sources: readonly Source[], userHome: string): Values {
  const of = <Value, Fallback>(setting: Setting<Value, Fallback>): Value | Fallback => {
    const found = find(sources, setting);
    if (found === undefined) return setting.fallback;
    const value = setting.kind.parse(found.text);
    if (value !== undefined) return value;
    const shown = setting.secret ? 'its value' : `"${found.text}"`;
    throw new SettingsError(`${found.name}: ${shown} is not valid; it must be ${setting.kind.rule}`);
  };
  const mention = (name: string): string | null | undefined => {
    switch (settingNamed(name)?.name) {
      case home.name:
        return path(home);
      case databasePassword.name:
        return of(databasePassword);
      case apiHost.name:
        return urlHost(of(apiHost));
      case apiPort.name:
        return String(of(apiPort));
      case apiUrl.name:
        return of(apiUrl);
      default:
        return undefined;
    }
  };
  const filled: Values['filled'] = (setting) => {
    const value = of(setting);
    if (value === null) return value;
    if (setting.name !== databaseUrl.name) return fillIn(value, setting.name, mention);
    return fillIn(value, setting.name, (name, before) => {
      const mentioned = mention(name);
      return isPassword(name) && typeof mentioned === 'string'
        ? encodedPassword(mentioned, before)
        : mentioned;
    });
  };
  const path = (setting: Setting<string, string>): string => {
    const value = setting === home ? of(home) : filled(setting);
    return value === '~' || value.startsWith('~/') ? join(userHome, value.slice(1)) : value;
  };
  return { of, filled, path };
}

function isPassword(name: string): boolean {
  return namesOf(databasePassword).includes(name.toUpperCase());
}

/**
 * A password for a URL. If it contains only characters that are valid in a URL, it is not changed: it may already be
 * percent-encoded, as the reference requires.
 */
function encodedPassword(password: string, before: string): string {
  const isPlain = before.includes('?') ? /^[\w.~%!$'()*,;-]*$/ : /^[\w.~%!$&'()*+,;=-]*$/;
  return isPlain.test(password) ? password : encodeURIComponent(password.toWellFormed());
}

function find(sources: readonly Source[], setting: Setting): { name: string; text: string } | undefined {
  for (const { texts, callsIt } of sources) {
    for (const name of namesOf(setting)) {
      const text = texts.get(name);
      if (text !== undefined) return { name: callsIt?.(name) ?? name, text };
    }
  }
  return undefined;
}
