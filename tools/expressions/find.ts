import { stripTypeScriptTypes } from 'node:module';
import { parse } from 'acorn';

/** A regular expression in a source file. `pattern` is undefined if it is only known at run time. */
export type Expression = { line: number; pattern: string | undefined; flags: string };

/** All regular expressions of a TypeScript or JavaScript source, including those created at run time. */
export function findExpressions(text: string): Expression[] {
  const found: Expression[] = [];
  const program = parse(stripTypeScriptTypes(text, { mode: 'strip' }), {
    ecmaVersion: 'latest',
    sourceType: 'module',
  });
  visit({ ...program }, (node) => {
    const expression = expressionAt(node);
    if (expression !== undefined) found.push({ line: lineAt(text, Number(node.start)), ...expression });
  });
  return found;
}

/** A node of the syntax tree, as far as its type is known. */
type SyntaxNode = Readonly<Record<string, unknown>>;

/** Methods of a string that create a regular expression from a given string. */
const makers = new Set(['match', 'matchAll', 'search']);

function expressionAt({
  type,
  regex,
  callee,
  arguments: given,
}: SyntaxNode): Omit<Expression, 'line'> | undefined {
  if (type === 'Literal' && isObject(regex)) {
    return { pattern: String(regex.pattern), flags: String(regex.flags) };
  }
  if ((type === 'NewExpression' || type === 'CallExpression') && isObject(callee)) {
    const isMade =
      nameOf(callee) === 'RegExp' || (makers.has(nameOf(callee.property)) && beginsWithText(given));
    if (isMade) return { pattern: undefined, flags: '' };
  }
  return undefined;
}

function beginsWithText(given: unknown): boolean {
  const [first] = Array.isArray(given) ? given : [];
  return isObject(first) && (typeof first.value === 'string' || first.type === 'TemplateLiteral');
}

function nameOf(node: unknown): string {
  return isObject(node) && typeof node.name === 'string' ? node.name : '';
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

function visit(node: SyntaxNode, look: (node: SyntaxNode) => void): void {
  look(node);
  for (const child of Object.values(node).flat()) {
    if (isObject(child) && typeof child.type === 'string') visit(child, look);
  }
}

function isObject(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null;
}
