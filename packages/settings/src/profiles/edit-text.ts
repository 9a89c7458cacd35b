import type { ProfileEdit } from './edit-kinds.ts';
import type { ProfileValues } from './read.ts';

/** A part of a file: everything before the first table, or one table with its header. */
type Section = {
  /** The name of the profile whose table it is; undefined for other parts. */
  profile: string | undefined;
  lines: string[];
};

/**
 * Makes a change in the text of a profiles file, and leaves all other lines unchanged. It understands tables
 * `[profiles.name]` with one line per setting. With other layouts the result may be wrong, so check it.
 */
export function editText(text: string, edit: ProfileEdit): string {
  const sections = sectionsOf(text);
  const [start = { profile: undefined, lines: [] }] = sections;
  const table = sections.find(({ profile }) => profile === edit.profile);
  switch (edit.kind) {
    case 'use':
      setActive(start, edit.profile);
      break;
    case 'create':
      addTable(sections, edit.profile, edit.values);
      break;
    case 'delete':
      if (textAt(start, 'active') === edit.profile) removeValue(start, 'active');
      if (table !== undefined) sections.splice(sections.indexOf(table), 1);
      break;
    case 'rename':
      if (textAt(start, 'active') === edit.profile) setActive(start, edit.to);
      if (table !== undefined) renameTable(table, edit.to);
      break;
    case 'set':
      if (table === undefined) addTable(sections, edit.profile, edit.values);
      else for (const [name, value] of edit.values) setValue(table, name, value);
      break;
    case 'unset':
      if (table !== undefined) for (const name of edit.names) removeValue(table, name);
      break;
  }
  return sections.flatMap(({ lines }) => lines).join('\n');
}

const tableHead = /^\s*\[\s*profiles\s*\.\s*(?<key>[\w-]+|"(?:[^"\\]|\\.)*"|'[^']*')\s*\]\s*(?:#[\s\S]*)?$/;
const anyHead = /^\s*\[/;
const valueLine =
  /^(?<before>\s*(?<key>[\w-]+|"(?:[^"\\]|\\.)*"|'[^']*')\s*=\s*)(?<value>"(?:[^"\\]|\\.)*"|'[^']*'|[^\s#]+)(?<after>[\s\S]*)/;

/** Splits a text at the headers of its tables. Comments directly above a header belong to its table. */
function sectionsOf(text: string): Section[] {
  const sections: Section[] = [{ profile: undefined, lines: [] }];
  for (const line of text.split('\n')) {
    const last = sections.at(-1);
    if (last === undefined || !anyHead.test(line)) {
      last?.lines.push(line);
      continue;
    }
    const comments = last.lines.length - (last.lines.findLastIndex((above) => !/^\s*#/.test(above)) + 1);
    const above = last.lines.splice(last.lines.length - comments);
    sections.push({ profile: keyOf(tableHead.exec(line)?.groups?.key), lines: [...above, line] });
  }
  return sections;
}

/** The name of a key as written. */
function keyOf(written: string | undefined): string | undefined {
  if (written === undefined || !/^["']/.test(written)) return written;
  return written.startsWith("'") ? written.slice(1, -1) : unescaped(written);
}

/**
 * The content of a text in double quotes; undefined if JSON, whose escapes are nearly those of TOML, cannot parse it.
 */
function unescaped(written: string): string | undefined {
  try {
    return String(JSON.parse(written));
  } catch {
    return undefined;
  }
}

function keyText(name: string): string {
  return /^[\w-]+$/.test(name) ? name : valueText(name);
}

/** A value in TOML, whose escapes are those of JSON except for character 127. */
function valueText(value: string): string {
  return JSON.stringify(value).replaceAll('\u007f', '\\u007f');
}

function placeOf({ lines }: Section, name: string): number {
  return lines.findIndex((line) => keyOf(valueLine.exec(line)?.groups?.key) === name);
}

function textAt(section: Section, name: string): string | undefined {
  const line = section.lines[placeOf(section, name)];
  return line === undefined ? undefined : keyOf(valueLine.exec(line)?.groups?.value);
}

/** Changes a value in its line, or adds a line below the last one that is not blank. */
function setValue(section: Section, name: string, value: string): void {
  const { lines } = section;
  const place = placeOf(section, name);
  const found = valueLine.exec(lines[place] ?? '')?.groups;
  if (found !== undefined) {
    lines[place] = `${found.before}${valueText(value)}${found.after}`;
    return;
  }
  lines.splice(lastLine(lines) + 1, 0, `${keyText(name)} = ${valueText(value)}`);
}

function removeValue(section: Section, name: string): void {
  const place = placeOf(section, name);
  if (place !== -1) section.lines.splice(place, 1);
}

function setActive(start: Section, profile: string): void {
  const isNew = placeOf(start, 'active') === -1;
  setValue(start, 'active', profile);
  if (isNew && start.lines.at(-1) !== '') start.lines.push('');
}

function renameTable({ lines }: Section, name: string): void {
  const place = lines.findIndex((line) => tableHead.test(line));
  const written = tableHead.exec(lines[place] ?? '')?.groups?.key;
  if (written !== undefined) lines[place] = (lines[place] ?? '').replace(written, () => keyText(name));
}

function addTable(sections: Section[], name: string, values: ProfileValues): void {
  const before = sections.at(-1)?.lines ?? [];
  before.splice(lastLine(before) + 1);
  if (before.length > 0) before.push('');
  const lines = [...values].map(([setting, value]) => `${keyText(setting)} = ${valueText(value)}`);
  sections.push({ profile: name, lines: [`[profiles.${keyText(name)}]`, ...lines, ''] });
}

/** The index of the last line that is not blank. */
function lastLine(lines: readonly string[]): number {
  return lines.findLastIndex((line) => line.trim() !== '');
}
