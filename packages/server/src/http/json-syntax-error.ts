import type { WireError } from '@mintaka/contract/wire';
import type { JsonProblem } from './json-scanner.ts';

/** What is wrong with a text that is no JSON, and where, as the reference tells it. */
export function jsonSyntaxError(text: string, { message, position }: JsonProblem): WireError {
  const before = [...text].slice(0, position);
  const lineno = before.filter((letter) => letter === '\n').length + 1;
  const colno = position - before.lastIndexOf('\n');
  return {
    loc: ['body', position],
    msg: `${message}: line ${lineno} column ${colno} (char ${position})`,
    type: 'value_error.jsondecode',
    ctx: { msg: message, doc: text, pos: position, lineno, colno },
  };
}
