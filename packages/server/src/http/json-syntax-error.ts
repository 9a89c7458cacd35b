import { characterCount } from '@mintaka/contract';
import type { WireError } from '@mintaka/contract/wire';
import type { JsonProblem } from './json-scanner.ts';

/**
 * A JSON syntax error as the reference reports it, with positions in code points. `doc` is the text that the answer shows.
 */
export function jsonSyntaxError(text: string, { message, position }: JsonProblem, doc: string): WireError {
  const before = text.slice(0, position);
  const line = before.slice(before.lastIndexOf('\n') + 1);
  const pos = characterCount(before);
  const lineno = before.split('\n').length;
  const colno = characterCount(line) + 1;
  return {
    loc: ['body', pos],
    msg: `${message}: line ${lineno} column ${colno} (char ${pos})`,
    type: 'value_error.jsondecode',
    ctx: { msg: message, doc, pos, lineno, colno },
  };
}
