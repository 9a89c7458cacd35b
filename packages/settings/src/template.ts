import { SettingsError } from './settings-error.ts';

const placeholder = /\$(?:(?<escaped>\$)|(?<named>[_a-z][_a-z0-9]*)|\{(?<braced>[_a-z][_a-z0-9]*)\})?/gi;

/**
 * Replaces references to other settings in a text: `${NAME}` or `$NAME`; `$$` is one dollar sign.
 * @param setting the name of the setting that has this text, for messages.
 * @param lookUp returns the value of a name, given the text `before` it; undefined if it must not be used, null if it
 *   is not set.
 * @throws SettingsError for any other dollar sign, and for names without a value.
 */
export function fillIn(
  text: string,
  setting: string,
  lookUp: (name: string, before: string) => string | null | undefined,
): string {
  return text.replace(placeholder, (...match) => {
    const groups: { escaped?: string; named?: string; braced?: string } = match.at(-1);
    if (groups.escaped !== undefined) return '$';
    const name = groups.named ?? groups.braced;
    if (name === undefined) {
      throw new SettingsError(
        `${setting}: "$" must start a name such as \${PREFECT_HOME}; write "$$" for a literal "$"`,
      );
    }
    const offset: number = match.at(-3);
    const value = lookUp(name, text.slice(0, offset));
    if (value === undefined) {
      // Anything else could be part of a password.
      const shown = /^(?:PREFECT|MINTAKA)_\w+$/i.test(name) ? `\${${name}}` : 'what follows a "$"';
      throw new SettingsError(`${setting}: ${shown} cannot be used here; write "$$" for a literal "$"`);
    }
    if (value === null) throw new SettingsError(`${setting}: it uses \${${name}}, which is not set`);
    return value;
  });
}
