import { globSync, readFileSync } from 'node:fs';

/** The text of docs/adr/README.md, made from the titles of the records. */
export function decisionsPage(root: string): string {
  const rows = globSync('docs/adr/[0-9]*.md', { cwd: root })
    .toSorted()
    .map((path) => {
      const [, number, title] = /^# (\d+)\. (.+)$/m.exec(readFileSync(`${root}/${path}`, 'utf8')) ?? [];
      return `| ${number} | [${title}](${path.slice('docs/adr/'.length)}) |`;
    });
  return `# Decisions

This page is made by \`npm run docs\` from the titles of the records.

Each record says why something is built as it is, and what was tried instead. A decision that is replaced keeps its record, with a note
that names the new one. A new record takes the next free number, and a file name with the number in four digits.

| | decision |
| --: | --- |
${rows.join('\n')}

Numbers 15 to 17 were set aside for decisions that were not taken up; no records were written under them.
`;
}
