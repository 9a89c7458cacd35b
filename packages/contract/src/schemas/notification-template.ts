/** What a notification's template may name in braces. */
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

/** What is wrong with a template, in the API's words and by its kind of error. */
export type TemplateProblem = { type: 'value_error' | 'type_error'; text: string };

/** What is wrong with a template; undefined where all that it names in braces is known and can be formatted as a text. */
export function templateProblem(template: string, variables: readonly string[]): TemplateProblem | undefined {
  let at = 0;
  while (at < template.length) {
    const brace = template.slice(at).search(/[{}]/);
    if (brace === -1) return undefined;
    const here = at + brace;
    const char = template[here];
    if (template[here + 1] === char) {
      at = here + 2;
      continue;
    }
    if (char === '}') return bad("Single '}' encountered in format string");
    const end = endOfField(template, here + 1);
    if (end === undefined) {
      const alone = here + 1 === template.length;
      return bad(alone ? "Single '{' encountered in format string" : "expected '}' before end of string");
    }
    const problem = fieldProblem(template.slice(here + 1, end), variables);
    if (problem !== undefined) return problem;
    at = end + 1;
  }
  return undefined;
}

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

function fieldProblem(field: string, variables: readonly string[]): TemplateProblem | undefined {
  const [variable = '', path = '', rest = ''] =
    /^([^!:.[]*)((?:\.[^!:.[]*|\[[^\]]*\]?[^!:.[]*)*)(.*)$/s.exec(field)?.slice(1) ?? [];
  if (/^\d*$/.test(variable)) {
    return bad(`Replacement index ${Number(variable)} out of range for positional args tuple`);
  }
  if (!variables.includes(variable)) return bad(`Invalid template variable provided: '${variable}'`);
  return pathProblem(path) ?? conversionProblem(rest, variables);
}

/** What follows a name: `.attribute` and `[index]`. The values are texts, which have places and nothing else. */
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

function conversionProblem(rest: string, variables: readonly string[]): TemplateProblem | undefined {
  if (rest === '') return undefined;
  if (rest.startsWith(':')) return formatProblem(rest.slice(1), variables);
  const [, conversion, ...after] = rest;
  if (conversion === undefined) return bad("unmatched '{' in format spec");
  if (after.length > 0 && after[0] !== ':') return bad("expected ':' after conversion specifier");
  if (!'rsa'.includes(conversion)) return bad(`Unknown conversion specifier ${conversion}`);
  return formatProblem(after.slice(1).join(''), variables);
}

const formatParts = /^(?:.?[<>=^])?([+\- ]?)(z?)(#?)(\d*)([,_]?)(?:\.(\d*))?(.*)$/su;

function formatProblem(format: string, variables: readonly string[]): TemplateProblem | undefined {
  const named = /\{([^{}]*)\}/.exec(format)?.[1];
  if (named !== undefined) {
    // A format from another field: that field is judged, and then stands for any text.
    return fieldProblem(named, variables) ?? formatProblem(format.replace(`{${named}}`, 'test'), variables);
  }
  const [sign, zero, alternate, width, separator, precision, code = ''] =
    formatParts.exec(format)?.slice(1) ?? [];
  if (`${width}`.length > 19) return bad('Too many decimal digits in format string');
  if (precision === '') return bad('Format specifier missing precision');
  if ([...code].length > 1) return bad(`Invalid format specifier '${format}' for object of type 'str'`);
  if (separator && (code === '' || code === 's')) return bad(`Cannot specify '${separator}' with 's'.`);
  if (code !== '' && code !== 's') return bad(`Unknown format code ${quoted(code)} for object of type 'str'`);
  if (sign) return bad(`${sign === ' ' ? 'Space' : 'Sign'} not allowed in string format specifier`);
  if (zero) return bad('Negative zero coercion (z) not allowed in string format specifier');
  if (alternate) return bad('Alternate form (#) not allowed in string format specifier');
  if (/^.?=/su.test(format)) return bad("'=' alignment not allowed in string format specifier");
  return undefined;
}

/** Codes outside ASCII are shown by their number. */
function quoted(code: string): string {
  const point = code.codePointAt(0) ?? 0;
  return point > 0x20 && point < 0x80 ? `'${code}'` : `'\\x${point.toString(16)}'`;
}
