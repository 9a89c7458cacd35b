import type { Result, Transcript } from './play.ts';

/** A result in words that two servers can be compared by. */
export type Named = { line: string; status: number; stdout: string; stderr: string; requests: string };

const id = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const year = '20(?:2[4-9]|3\\d)';

/** What varies between runs on any server: times, durations, addresses, process ids. */
const varying: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`${year}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(\\+00:00|Z)?`, 'g'), '⟦now⟧'],
  [new RegExp(`DateTime\\(${year}(, \\d+)+, tzinfo=Timezone\\('[^']*'\\)\\)`, 'g'), '⟦now⟧'],
  [/^\d\d:\d\d:\d\d\.\d{3} \|/gm, '⟦now⟧ |'],
  [/((?:run|delta|time(?:_delta)?)=)(?:datetime\.)?timedelta\([^)]*\)/g, '$1⟦some⟧'],
  [/\b(a few|an?|\d+) (second|minute|hour)s? (ago|from now|after|before)/g, '⟦some time⟧ $3'],
  [/\((in )?(a few|an?|\d+) (second|minute|hour)s?( ago| after| before)?\)/g, '⟦some time⟧'],
  [/'[\w.-]+:\d{2,7}'/g, "'⟦process⟧'"],
  [/(?<!\/)([Pp]rocess|PID|pid) '?\d+'?/g, '$1 ⟦number⟧'],
  [/0x[0-9a-f]+/g, '0x⟦address⟧'],
  [/\/tmp\w+prefect/g, '/⟦folder⟧'],
  [/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] Connecting/g, '⟦spinner⟧ Connecting'],
  [/(sha256:)?[0-9a-f]{64}/g, '⟦checksum⟧'],
];

/** Names ids in the order of their first occurrence, in all requests, outputs and answers. */
export function nameResults({ server, folders, results }: Transcript): Named[] {
  const ids = new Map<string, string>();
  const generated = results.flatMap(({ stdout }) =>
    [...stdout.matchAll(/Created flow run '([^']+)'/g)].map(([, name = '']) => name),
  );
  const name = (text: string): string => {
    const known = folders.reduce(
      (current, folder, index) => current.replaceAll(folder, `/⟦folder ${index + 1}⟧`),
      text.replaceAll(server, '⟦server⟧'),
    );
    const named = generated.reduce((current, word) => current.replaceAll(word, '⟦generated⟧'), known);
    const numbered = named.replace(id, (found) => {
      if (!ids.has(found)) ids.set(found, `⟦id ${ids.size + 1}⟧`);
      return ids.get(found) ?? found;
    });
    return varying.reduce((current, [pattern, word]) => current.replace(pattern, word), numbered);
  };
  return results.map((result) => nameResult(result, name));
}

function nameResult(result: Result, name: (text: string) => string): Named {
  // An agent and a worker do several things concurrently, and the flow run that they start also writes.
  const races = /^(agent|worker) /.test(result.line);
  const sort = (lines: string[]) => (races ? lines.toSorted() : lines).join('\n');
  const words = (text: string) => sort(collapse(name(text)).split('\n'));
  // If one part fails, everything else is interrupted, at any time.
  const brokenOff = races && result.status !== 0;
  return {
    line: result.line,
    status: result.status,
    stdout: words(result.stdout),
    stderr: words(result.stderr),
    requests: brokenOff ? '' : sort(result.requests.map(name)),
  };
}

/** Removes the widths of tables, which depend on generated names. */
function collapse(text: string): string {
  return text
    .replace(/[─━]{2,}/g, '──')
    .replace(/ {2,}/g, ' ')
    .replace(/ +$/gm, '');
}
