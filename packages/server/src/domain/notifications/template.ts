import { MESSAGE_LIMIT } from '@mintaka/contract';

/**
 * The value of a variable in a message: as text, and as Python shows it (`!r`). Both are computed only if the template uses
 * them. `formats` says whether it accepts a width.
 */
export type TemplateValue = { text(): string; shown(): string; formats: boolean };

/** A template that cannot be filled; the message is for the log. @internal for tests */
export class TemplateError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TemplateError';
  }
}

const pieces = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;
const field = /^([^!:.[]*)(?:!([rsa]))?(?::(.*))?$/s;
const textSpec = /^(?:(.?)([<>^]))?(\d*)(?:\.(\d+))?s?$/su;
/** The end of a truncated message. */
const cutMark = `\n[cut at ${MESSAGE_LIMIT} characters]`;

/**
 * Renders a template in the format of Python's `str.format`: `{name}`, `{name!r}`, `{name:>20}`, with `{{` and `}}` for
 * braces. Takes linear time in the template and the values; a result of more than {@link MESSAGE_LIMIT} characters is
 * truncated.
 * @throws TemplateError for an unknown name, an unsupported format, or a template that is too large
 */
export function fillTemplate(template: string, values: ReadonlyMap<string, TemplateValue>): string {
  if (template.length > MESSAGE_LIMIT)
    throw new TemplateError(`the template has more than ${MESSAGE_LIMIT} characters`);
  const filled: string[] = [];
  let length = 0;
  let at = 0;
  const add = (text: string) => {
    filled.push(text.slice(0, MESSAGE_LIMIT + 1 - length));
    length += text.length;
  };
  for (const match of template.matchAll(pieces)) {
    if (length > MESSAGE_LIMIT) break;
    add(template.slice(at, match.index));
    const [piece, inner] = match;
    add(pieceText(piece, inner, values));
    at = match.index + piece.length;
  }
  add(template.slice(at));
  const message = filled.join('');
  return message.length > MESSAGE_LIMIT ? cutOff(message) : message;
}

/** A cut does not part the two halves of a character. */
function cutOff(message: string): string {
  return message.slice(0, MESSAGE_LIMIT - cutMark.length).replace(/[\ud800-\udbff]$/, '') + cutMark;
}

function pieceText(
  piece: string,
  inner: string | undefined,
  values: ReadonlyMap<string, TemplateValue>,
): string {
  if (piece === '{{') return '{';
  if (piece === '}}') return '}';
  if (inner === undefined) throw new TemplateError(`a single ${piece} in the template`);
  return fieldText(inner, values);
}

function fieldText(inner: string, values: ReadonlyMap<string, TemplateValue>): string {
  const [, name = '', conversion, spec = ''] = field.exec(inner) ?? [];
  const value = values.get(name);
  if (value === undefined) throw new TemplateError(`unknown field: ${quotedField(inner)}`);
  const text = conversion === 'r' || conversion === 'a' ? value.shown() : value.text();
  if (spec === '') return text;
  if (!value.formats && conversion === undefined)
    throw new TemplateError(`${name} takes no format: ${quotedField(inner)}`);
  return formatText(text, spec, inner);
}

function formatText(text: string, spec: string, inner: string): string {
  const parts = textSpec.exec(spec);
  if (parts === null) throw new TemplateError(`not a format of a text: ${quotedField(inner)}`);
  const [, fill = '', align = '<', givenWidth = '', precision] = parts;
  const width = Number(givenWidth);
  if (width > MESSAGE_LIMIT)
    throw new TemplateError(`the width must be at most ${MESSAGE_LIMIT}: ${quotedField(inner)}`);
  const shown = precision === undefined ? text : firstCharacters(text, Number(precision)).text;
  const missing = width - firstCharacters(shown, width).count;
  const before = align === '>' ? missing : align === '^' ? Math.floor(missing / 2) : 0;
  const padding = fill === '' ? ' ' : fill;
  return padding.repeat(before) + shown + padding.repeat(missing - before);
}

/** The first characters of a text, at most `most`, and their number. Reads no further. */
function firstCharacters(text: string, most: number): { text: string; count: number } {
  let at = 0;
  let count = 0;
  while (count < most && at < text.length) {
    at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
    count += 1;
  }
  return { text: text.slice(0, at), count };
}

/** The beginning of a field, enough to find it in the template. */
function quotedField(inner: string): string {
  return inner.length > 100 ? `{${inner.slice(0, 100)}…}` : `{${inner}}`;
}
