import { SettingsError } from './settings-error.ts';

const placeholder = /\$(?:(?<escaped>\$)|(?<named>[_a-z][_a-z0-9]*)|\{(?<braced>[_a-z][_a-z0-9]*)\})?/gi;

/**
 * Puts the values of other settings where a text names them: `${NAME}` or `$NAME`; `$$` is one dollar sign.
 * @param setting the name of the setting whose text it is, for messages.
 * @param lookUp the value of a name, which stands after the text `before`; undefined if it may not be used, null if it is not set.
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
      // Anything else may be a part of a password.
      const shown = /^(?:PREFECT|MINTAKA)_\w+$/i.test(name) ? `\${${name}}` : 'what follows a "$"';
      throw new SettingsError(`${setting}: ${shown} cannot be used here; write "$$" for a literal "$"`);
    }
    if (value === null) throw new SettingsError(`${setting}: it uses \${${name}}, which is not set`);
    return value;
  });
}
