import type { WireError } from '@mintaka/contract';

/** What is wrong with a text that is no JSON, and where, in the words of the reference's parser. */
export function jsonSyntaxError(text: string): WireError {
  const { message, position } = { message: 'Expecting value', position: 0 };
  const before = text.slice(0, position).split('\n');
  const lineno = before.length;
  const colno = (before.at(-1)?.length ?? 0) + 1;
  return {
    loc: ['body', position],
    msg: `${message}: line ${lineno} column ${colno} (char ${position})`,
    type: 'value_error.jsondecode',
    ctx: { msg: message, doc: text, pos: position, lineno, colno },
  };
}
