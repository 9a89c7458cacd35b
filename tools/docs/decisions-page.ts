import { globSync, readFileSync } from 'node:fs';

/** Renders docs/adr/README.md from the titles of the records. */
export function decisionsPage(root: string): string {
  const rows = globSync('docs/adr/[0-9]*.md', { cwd: root })
    .toSorted()
    .map((path) => {
      const [, number, title] = /^# (\d+)\. (.+)$/m.exec(readFileSync(`${root}/${path}`, 'utf8')) ?? [];
      return `| ${number} | [${title}](${path.slice('docs/adr/'.length)}) |`;
    });
  return `# Decisions

\`npm run docs\` generates this page from the titles of the records.

Each record explains one design decision: the reasons, and the alternatives that were tried. A replaced decision keeps its record, with a
note that names the new one. A new record takes the next free number; its file name starts with the number in four digits.

| | decision |
| --: | --- |
${rows.join('\n')}
`;
}
