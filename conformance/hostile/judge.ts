import type { HostileCase } from './cases.ts';
import type { WireAnswer } from './send.ts';

const strict = new TextDecoder('utf-8', { fatal: true });

/** A line of a stack trace, of JavaScript or of Python. */
const stackLine = /\n\s+at .+:\d+:\d+|node_modules|Traceback|packages\/server\/src/;

/** The problem with an answer to any request; undefined without one. */
export function problemOf({ target, mayStray }: HostileCase, answer: WireAnswer): string | undefined {
  const { status, headers, body } = answer;
  if (status >= 500 && !(status === 503 && headers['retry-after'] !== undefined)) {
    return `${status} ${body.subarray(0, 500)}`;
  }
  if (body.length === 0) return undefined;
  let value: unknown;
  try {
    const text = strict.decode(body);
    if (status >= 400 && stackLine.test(text)) return `a stack trace: ${text.slice(0, 1000)}`;
    value = JSON.parse(text);
  } catch (error) {
    return `${status} with a body that is not JSON (${error}): ${body.subarray(0, 200)}`;
  }
  const { responses } = target.operation;
  // An answer declared without a body may have one if it reports an error.
  if (mayStray || !(status in responses) || (responses[status] === undefined && status >= 400))
    return undefined;
  return misfit(responses[status], value);
}

/** The contract's schema errors about the value of an answer. */
export function misfit(
  schema: { safeParse(value: unknown): { success: boolean; error?: Error } } | undefined,
  value: unknown,
): string | undefined {
  if (schema === undefined) return 'a body where none is declared';
  const { success, error } = schema.safeParse(value);
  return success ? undefined : `an answer that the contract does not decode: ${error?.message.slice(0, 500)}`;
}
