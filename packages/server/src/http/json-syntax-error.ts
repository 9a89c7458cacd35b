import { characterCount } from '@mintaka/contract';
import type { WireError } from '@mintaka/contract/wire';
import type { JsonProblem } from './json-scanner.ts';

/** What is wrong with a text that is no JSON, and where, as the reference tells it: by code points. `doc` is the text as it is shown. */
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
