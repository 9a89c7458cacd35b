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

/** What is wrong with a template, in the API's words; undefined where all that it names in braces is known. */
export function templateProblem(template: string, variables: readonly string[]): string | undefined {
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
    if (char === '}') return "Single '}' encountered in format string";
    const end = endOfField(template, here + 1);
    if (end === undefined) {
      const alone = here + 1 === template.length;
      return alone ? "Single '{' encountered in format string" : "expected '}' before end of string";
    }
    const problem = fieldProblem(template.slice(here + 1, end), variables);
    if (problem !== undefined) return problem;
    at = end + 1;
  }
  return undefined;
}

function endOfField(template: string, from: number): number | undefined {
  let depth = 1;
  for (let at = from; at < template.length; at++) {
    if (template[at] === '{') depth++;
    if (template[at] === '}' && --depth === 0) return at;
  }
  return undefined;
}

function fieldProblem(field: string, variables: readonly string[]): string | undefined {
  const variable = /^[^!:.[]*/.exec(field)?.[0] ?? '';
  if (/^\d*$/.test(variable)) {
    return `Replacement index ${Number(variable)} out of range for positional args tuple`;
  }
  return variables.includes(variable) ? undefined : `Invalid template variable provided: '${variable}'`;
}
