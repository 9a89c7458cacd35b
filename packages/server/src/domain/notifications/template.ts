/** What stands for a variable in a message: as text, and as Python shows it (`!r`). `formats` tells whether it takes a width. */
export type TemplateValue = { text: string; shown: string; formats: boolean };

/** A template that cannot be filled; the message is for the log. */
export class TemplateError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TemplateError';
  }
}

const pieces = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;
const field = /^([^!:.[]*)(?:!([rsa]))?(?::(.*))?$/s;
const textSpec = /^(?:(.?)([<>^]))?(\d*)(?:\.(\d+))?s?$/su;

/**
 * Fills a template in the form of Python's `str.format`: `{name}`, `{name!r}`, `{name:>20}`, with `{{` and `}}` for braces.
 * @throws TemplateError where it names what is not there, or wants a value in a form that it does not take.
 */
export function fillTemplate(template: string, values: ReadonlyMap<string, TemplateValue>): string {
  return template.replaceAll(pieces, (piece: string, inner: string | undefined) => {
    if (piece === '{{') return '{';
    if (piece === '}}') return '}';
    if (inner === undefined) throw new TemplateError(`a single ${piece} in the template`);
    return fillField(inner, values);
  });
}

function fillField(inner: string, values: ReadonlyMap<string, TemplateValue>): string {
  const [, name = '', conversion, spec = ''] = field.exec(inner) ?? [];
  const value = values.get(name);
  if (value === undefined) throw new TemplateError(`no such field: {${inner}}`);
  const text = conversion === 'r' || conversion === 'a' ? value.shown : value.text;
  if (spec === '') return text;
  if (!value.formats && conversion === undefined)
    throw new TemplateError(`${name} takes no format: {${inner}}`);
  return formatText(text, spec, inner);
}

function formatText(text: string, spec: string, inner: string): string {
  const parts = textSpec.exec(spec);
  if (parts === null) throw new TemplateError(`no format of a text: {${inner}}`);
  const [, fill = '', align = '<', width = '', precision] = parts;
  const characters = [...text].slice(0, precision === undefined ? undefined : Number(precision));
  const missing = Math.max(0, Number(width) - characters.length);
  const before = align === '>' ? missing : align === '^' ? Math.floor(missing / 2) : 0;
  const padding = fill === '' ? ' ' : fill;
  return padding.repeat(before) + characters.join('') + padding.repeat(missing - before);
}
