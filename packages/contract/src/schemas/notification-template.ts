/** The fields that a notification template can contain in braces. */
export const NOTIFICATION_VARIABLES = [
  'flow_run_notification_policy_id',
  'flow_id',
  'flow_name',
  'flow_run_url',
  'flow_run_id',
  'flow_run_name',
  'flow_run_parameters',
  'flow_run_state_type',
  'flow_run_state_name',
  'flow_run_state_timestamp',
  'flow_run_state_message',
] as const;

/** The maximum length of a notification message, its template, and each width and precision in it. */
export const MESSAGE_LIMIT = 100_000;

/** A problem with a template, in the API's words, with the type of error. */
export type TemplateProblem = { type: 'value_error' | 'type_error'; text: string };

/**
 * Validates a template. Returns undefined if all fields in braces are known and can be formatted as text, and its
 * fixed characters and widths fit into a message. Takes linear time.
 */
export function templateProblem(template: string, variables: readonly string[]): TemplateProblem | undefined {
  if (template.length > MESSAGE_LIMIT) return tooLong;
  let at = 0;
  let least = 0;
  while (at < template.length) {
    const brace = template.slice(at).search(/[{}]/);
    if (brace === -1) break;
    const here = at + brace;
    const char = template[here];
    least += brace;
    if (template[here + 1] === char) {
      least += 1;
      at = here + 2;
      continue;
    }
    if (char === '}') return bad("Single '}' encountered in format string");
    const end = endOfField(template, here + 1);
    if (end === undefined) {
      const alone = here + 1 === template.length;
      return bad(alone ? "Single '{' encountered in format string" : "expected '}' before end of string");
    }
    const field = fieldForm(template.slice(here + 1, end), variables);
    if ('problem' in field) return field.problem;
    least += field.width;
    at = end + 1;
  }
  return least + (template.length - at) > MESSAGE_LIMIT ? tooLong : undefined;
}

const tooLong = bad(`the message has more than ${MESSAGE_LIMIT} characters`);

/** The problem with a field, or the minimum number of characters that it takes. */
type FieldForm = { problem: TemplateProblem } | { width: number };

function bad(text: string): TemplateProblem {
  return { type: 'value_error', text };
}

function endOfField(template: string, from: number): number | undefined {
  let depth = 1;
  for (let at = from; at < template.length; at++) {
    if (template[at] === '{') depth++;
    if (template[at] === '}' && --depth === 0) return at;
  }
  return undefined;
}

/** @param nesting how many fields this one is within: Python takes fields within the format of a field, and no deeper. */
function fieldForm(field: string, variables: readonly string[], nesting = 0): FieldForm {
  const [variable = '', path = '', rest = ''] =
    /^([^!:.[]*)((?:\.[^!:.[]*|\[[^\]]*\]?[^!:.[]*)*)(.*)$/s.exec(field)?.slice(1) ?? [];
  if (/^\d*$/.test(variable)) {
    return refused(`Replacement index ${Number(variable)} out of range for positional args tuple`);
  }
  if (!variables.includes(variable)) return refused(`Invalid template variable provided: '${variable}'`);
  const problem = pathProblem(path);
  return problem === undefined ? conversionForm(rest, variables, nesting) : { problem };
}

function refused(text: string): FieldForm {
  return { problem: bad(text) };
}

/** The path after a name: `.attribute` and `[index]`. Values are strings, which only have positions. */
function pathProblem(path: string): TemplateProblem | undefined {
  for (const [step] of path.matchAll(/\.[^.[]*|\[[^\]]*\]?[^.[]*/g)) {
    const [, key = '', close, after] = /^[.[]([^\]]*)(\]?)(.*)$/s.exec(step) ?? [];
    if (step.startsWith('[') && close === '') return bad("expected '}' before end of string");
    if (key === '') return bad('Empty attribute in format string');
    if (step.startsWith('.')) return bad(`'str' object has no attribute '${key}'`);
    if (after !== '') return bad("Only '.' or '[' may follow ']' in format field specifier");
    if (!/^\d+$/.test(key)) return { type: 'type_error', text: "string indices must be integers, not 'str'" };
  }
  return undefined;
}

function conversionForm(rest: string, variables: readonly string[], nesting: number): FieldForm {
  if (rest === '') return { width: 0 };
  if (rest.startsWith(':')) return formatForm(rest.slice(1), variables, nesting);
  const conversion = rest.charAt(1);
  if (conversion === '') return refused("unmatched '{' in format spec");
  const after = rest.slice(2);
  if (after !== '' && !after.startsWith(':')) return refused("expected ':' after conversion specifier");
  if (!'rsa'.includes(conversion)) return refused(`Unknown conversion specifier ${conversion}`);
  return formatForm(after.slice(1), variables, nesting);
}

const formatParts = /^(?:.?[<>=^])?([+\- ]?)(z?)(#?)(\d*)([,_]?)(?:\.(\d*))?(.*)$/su;

function formatForm(written: string, variables: readonly string[], nesting: number): FieldForm {
  const inner = innerFields(written);
  if (inner.length > 0 && nesting > 0) return refused('Max string recursion exceeded');
  for (const field of inner) {
    const form = fieldForm(field.text, variables, nesting + 1);
    if ('problem' in form) return form;
  }
  // Fields within a format can be any string.
  const format = withoutFields(written, inner);
  const [sign, zero, alternate, width = '', separator, precision, code = ''] =
    formatParts.exec(format)?.slice(1) ?? [];
  if (width.length > 19) return refused('Too many decimal digits in format string');
  if (precision === '') return refused('Format specifier missing precision');
  if (code.length > 2 || [...code].length > 1)
    return refused(`Invalid format specifier '${format}' for object of type 'str'`);
  if (separator && (code === '' || code === 's')) return refused(`Cannot specify '${separator}' with 's'.`);
  if (code !== '' && code !== 's')
    return refused(`Unknown format code ${quoted(code)} for object of type 'str'`);
  if (sign) return refused(`${sign === ' ' ? 'Space' : 'Sign'} not allowed in string format specifier`);
  if (zero) return refused('Negative zero coercion (z) not allowed in string format specifier');
  if (alternate) return refused('Alternate form (#) not allowed in string format specifier');
  if (/^.?=/su.test(format)) return refused("'=' alignment not allowed in string format specifier");
  return boundedForm(Number(width), Number(precision ?? 0));
}

function boundedForm(width: number, precision: number): FieldForm {
  if (width > MESSAGE_LIMIT) return refused(`the width ${width} must be at most ${MESSAGE_LIMIT}`);
  if (precision > MESSAGE_LIMIT)
    return refused(`the precision ${precision} must be at most ${MESSAGE_LIMIT}`);
  return { width };
}

type InnerField = { from: number; to: number; text: string };

/** The fields nested in a format, from brace to brace. */
function innerFields(format: string): InnerField[] {
  const found: InnerField[] = [];
  let from = format.indexOf('{');
  while (from !== -1) {
    const end = endOfField(format, from + 1);
    if (end === undefined) break;
    found.push({ from, to: end + 1, text: format.slice(from + 1, end) });
    from = format.indexOf('{', end + 1);
  }
  return found;
}

function withoutFields(format: string, fields: readonly InnerField[]): string {
  const pieces: string[] = [];
  let at = 0;
  for (const { from, to } of fields) {
    pieces.push(format.slice(at, from), 'test');
    at = to;
  }
  return pieces.concat(format.slice(at)).join('');
}

/** Codes outside ASCII are shown by their number. */
function quoted(code: string): string {
  const point = code.codePointAt(0) ?? 0;
  return point > 0x20 && point < 0x80 ? `'${code}'` : `'\\x${point.toString(16)}'`;
}
