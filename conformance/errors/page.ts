import type { Outcome, Told } from './case.ts';
import { kinds } from './cases.ts';
import { explanations } from './explained.ts';

const intro = `# Answers to invalid requests

\`npx node conformance/errors/write.ts\` generates this page. It sends each request to Mintaka and to Prefect 2.8.0's
server. A cell without a slash means that both give exactly the same status and body. \`422 / 500\` means 422 from Mintaka and 500 from
Prefect. A cell with several statuses stands for several requests: for example \`422\` for some, and \`200\` for those that are accepted.
An empty cell means that no such request is possible.

The body of a 422 lists each error with its location (\`exception_detail\`), and what was sent (\`request_body\`). A 404 has
\`detail\` or \`exception_message\`; all others have \`detail\`. A body over the limit (\`MINTAKA_API_BODY_LIMIT\`) is 413. No request on
this page causes a 5xx.

## What the columns mean

- valid: a correct request. The object that it deletes exists; \`clear\` and \`drop\` are sent without their
  confirmation, which is 400
- no JSON: bodies that are not JSON, such as \`{"name": \` and \`[1, ]\`; a byte order mark before \`{}\`
- broken UTF-8, no body
- no object: \`null\`, \`[]\`, \`[1]\`, \`"text"\`, \`5\`, \`true\`, \`{}\`
- unknown key: one additional key
- wrong value: each value of the body, at any depth, replaced by null, an object, a list, a string, -1 and true
- limit or offset: too large, negative, not a number
- media type: another one than JSON, or none
- bad id: for each id or name in the path, texts that are not an id
- unknown: an id or a name that does not exist
- version header: \`X-PREFECT-API-VERSION\` malformed, too old, newer
- other method, last slash: PUT (or POST), and the path with or without a trailing slash
`;

/** Renders docs/errors.md. */
export function errorsPage(outcomes: readonly Outcome[]): string {
  const resources = groups(outcomes, ({ asked }) => asked.operation.resource);
  const parts = [...resources].map(([resource, found]) =>
    found[0]?.asked.kind === 'particular' ? particularTable(resource, found) : matrix(resource, found),
  );
  const reasons = explanations.map(({ reason }) => `- ${reason}`);
  return [intro, ...parts, `## Why some answers differ\n\n${reasons.join('\n')}\n`].join('\n');
}

function matrix(resource: string, outcomes: readonly Outcome[]): string {
  const rows = groups(outcomes, ({ asked }) => `${asked.operation.method} ${asked.operation.path}`);
  const lines = [...rows].map(([operation, found]) => {
    const byKind = groups(found, ({ asked }) => asked.kind);
    return line([code(operation), ...kinds.map((kind) => statuses(byKind.get(kind) ?? []))]);
  });
  return `## ${resource}\n\n${header(['request', ...kinds])}\n${lines.join('\n')}\n`;
}

function particularTable(resource: string, outcomes: readonly Outcome[]): string {
  const lines = outcomes.map((outcome) => {
    const { method, path } = outcome.asked;
    const what = (outcome.asked.detail ?? '').replaceAll('|', '\\|');
    return line([what, code(`${method} ${path}`), statuses([outcome]), code(message(outcome.ours))]);
  });
  return `## ${resource}\n\n${header(['what', 'request', 'status', 'what it says'])}\n${lines.join('\n')}\n`;
}

/** The error message itself, if there is only one. */
function message({ status, body }: Told): string {
  if (status < 400 || body === '') return '';
  const told = JSON.parse(body) as {
    detail?: string;
    exception_message?: string;
    exception_detail?: Fault[];
  };
  // If there are several, one that is not about missing or unknown fields.
  const faults = told.exception_detail ?? [];
  const fault = faults.find(({ type }) => !/missing|extra/.test(type)) ?? faults.at(-1);
  const text =
    (fault && `${fault.loc.slice(1).join('.')}: ${fault.msg}`) ?? told.detail ?? told.exception_message ?? '';
  const short = text.length > 100 ? `${text.slice(0, 100)}…` : text;
  return short.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').replaceAll('`', "'");
}

type Fault = { loc: (string | number)[]; msg: string; type: string };

function statuses(outcomes: readonly Outcome[]): string {
  const pairs = outcomes.map(({ reference, ours }) =>
    reference.status === ours.status ? `${ours.status}` : `${ours.status} / ${reference.status}`,
  );
  return [...new Set(pairs)].sort().join(', ');
}

function groups(outcomes: readonly Outcome[], by: (outcome: Outcome) => string): Map<string, Outcome[]> {
  return Map.groupBy(outcomes, by);
}

function header(names: readonly string[]): string {
  return `${line(names)}\n${line(names.map(() => '---'))}`;
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}
