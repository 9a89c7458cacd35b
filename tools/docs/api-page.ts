import type { Coverage } from '@mintaka/testing/coverage';

/** What the server publishes of its operations, as far as the page tells it. */
export type OpenApi = {
  paths: Record<string, Record<string, { summary: string; tags: readonly string[] }>>;
};

type Row = { tag: string; name: string; summary: string; tests: readonly string[] };

/** Operations that Prefect's API does not have. */
const own: ReadonlySet<string> = new Set(['GET /api/ready']);

/** The text of docs/api.md, made from what the server publishes and from what the tests have noted. */
export function apiPage(document: OpenApi, coverage: Coverage): string {
  const rows = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { summary, tags }]): Row => {
      const name = `${method.toUpperCase()} ${path}`;
      return { tag: tags[0] ?? '', name, summary, tests: coverage[name] ?? [] };
    }),
  );
  const shared = rows.filter(({ name }) => !own.has(name));
  const tested = shared.filter(({ tests }) => tests.length > 0);
  const tags = [...new Set(rows.map(({ tag }) => tag))];
  return `# The API

This page is made by \`npm run docs\` from what the server publishes at \`/openapi.json\` and from what the tests note of the
requests that they make.

Of the operations of Prefect 2.8, ${tested.length} of ${shared.length} are here and succeed in a test of this repository: those that are named beside each, from
\`packages/server/test/\`. ${[...own].map(code).join(', ')} is one more, of ours.

\`MINTAKA_TEST_COVERAGE=write npm test\` notes the tests anew; \`.ci/run\` fails where one does not do what is noted.
Besides, for all of them at once:
- \`conformance/test/openapi.test.ts\` compares their descriptions with those that Prefect's server publishes.
- \`conformance/test/differential.test.ts\` sends the same random requests to Prefect's server and to ours.
- \`conformance/test/fuzz.test.ts\` has Schemathesis make up requests, and holds each answer against the description.

${tags.map((tag) => section(tag, rows)).join('\n')}`;
}

function section(tag: string, rows: readonly Row[]): string {
  const lines = rows.filter((row) => row.tag === tag).map(line);
  return `## ${tag}

| operation | what it does | tests |
| --- | --- | --- |
${lines.join('\n')}
`;
}

function line({ name, summary, tests }: Row): string {
  return `| ${code(name)} | ${summary} | ${tests.map(testName).join(', ')} |`;
}

function testName(file: string): string {
  const name = file.replace(/^packages\/server\/test\//, '').replace(/\.test\.ts$/, '');
  return `[${name}](../${file})`;
}

function code(text: string): string {
  return `\`${text}\``;
}
