import type { Coverage } from '@mintaka/testing/coverage';

/** The parts of the OpenAPI document that the page uses. */
export type OpenApi = {
  paths: Record<string, Record<string, { summary: string; tags: readonly string[] }>>;
};

type Row = { tag: string; name: string; summary: string; tests: readonly string[] };

/** Whether Prefect's API does not have an operation. */
function isOwn(name: string): boolean {
  return name === 'GET /api/ready' || name.includes(' /api/mintaka/');
}

/** Renders docs/api.md from the OpenAPI document and the recorded test coverage. */
export function apiPage(document: OpenApi, coverage: Coverage): string {
  const rows = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { summary, tags }]): Row => {
      const name = `${method.toUpperCase()} ${path}`;
      return { tag: tags[0] ?? '', name, summary, tests: coverage[name] ?? [] };
    }),
  );
  const shared = rows.filter(({ name }) => !isOwn(name));
  const own = rows.filter(({ name }) => isOwn(name));
  const tested = shared.filter(({ tests }) => tests.length > 0);
  const tags = [...new Set(rows.map(({ tag }) => tag))];
  return `# The API

\`npm run docs\` generates this page from \`/openapi.json\`, \`/api/mintaka/openapi.json\` and from the requests that the tests recorded.

${tested.length} of the ${shared.length} operations of Prefect 2.8 are implemented and succeed in a test of this repository. The table names these tests, which are
in \`packages/server/test/\`. ${own.length} more operations exist only in Mintaka: \`GET /api/ready\` and
those below \`/api/mintaka/\`, which [operations of Mintaka](own-operations.md) explains.

\`MINTAKA_TEST_COVERAGE=write npm test\` records the tests again. \`.ci/run\` fails if a test no longer covers what is recorded.
Three further tests cover all operations:
- \`conformance/test/openapi.test.ts\` compares their descriptions with those of Prefect's server.
- \`conformance/test/differential.test.ts\` sends the same random requests to Prefect's server and to ours.
- \`conformance/test/fuzz.test.ts\` generates requests with Schemathesis and validates each response against the description.

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
