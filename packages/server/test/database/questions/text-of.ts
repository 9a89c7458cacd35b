const width = 120;
/** Begins a new line if a statement is one long line. */
const clause = /^(select|from|inner|left|where|order|limit|union|values|returning)$/i;
/** Begins a clause; every other line continues one. */
const beginning =
  /^(with|select|from|inner|left|cross|join|where|group|order|limit|offset|union|values|insert|update|delete|set|on conflict|returning|for|--|\)|\w+ (\([\w, ]+\) )?as (materialized )?\()/i;

/** A statement formatted for people: indented by its parentheses, without overlong lines. */
export function textOf(sql: string): string {
  const lines: string[] = [];
  let depth = 0;
  for (const line of sql.split('\n').flatMap((text) => byClauses(text.trim()))) {
    if (line === '') continue;
    const level = line.startsWith(')') ? depth - 1 : depth;
    const indent = ' '.repeat(2 * level + (beginning.test(line) ? 0 : 2));
    lines.push(...wrap(line, indent));
    depth += depthOf(line);
  }
  return lines.join('\n');
}

/** A line that is too long, with a line for each clause outside of parentheses. */
function byClauses(line: string): string[] {
  if (line.length <= width || line.startsWith('--')) return [line];
  const lines: string[] = [];
  let depth = 0;
  for (const word of wordsOf(line)) {
    const last = lines.at(-1);
    if (last === undefined || (depth <= 0 && clause.test(word))) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
    depth += depthOf(word);
  }
  return lines;
}

function wrap(line: string, indent: string): string[] {
  if (line.startsWith('--') || indent.length + line.length <= width) return [indent + line];
  const lines: string[] = [];
  let last = '';
  for (const word of wordsOf(line)) {
    const next = last === '' ? indent + word : `${last} ${word}`;
    if (last !== '' && next.length > width) {
      lines.push(last);
      last = `${indent}  ${word}`;
    } else {
      last = next;
    }
  }
  return [...lines, last];
}

/** Quoted strings and names are kept whole. */
function wordsOf(line: string): string[] {
  return line.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? [];
}

/** The number of parentheses that a text opens, minus those that it closes. */
function depthOf(text: string): number {
  if (text.startsWith('--')) return 0;
  const bare = text.replaceAll(/'[^']*'|"[^"]*"/g, '');
  return bare.split('(').length - bare.split(')').length;
}
