import { checkSync } from 'recheck';
import { type Expression, findExpressions } from './find.ts';

/** A source file: its path from the root of the repository, and its text. */
export type Source = { path: string; text: string };

/** Files that may create regular expressions at run time, with the reason why those take linear time. */
const allowed: ReadonlyMap<string, string> = new Map([
  [
    'packages/server/src/http/unmatched.ts',
    "made of the server's own routes: literals and `[^/]+` between slashes",
  ],
]);

/**
 * The checker that proves its verdict; it does not support look-around and back references. An expression that it cannot
 * judge, or not within `timeout` milliseconds, is an error.
 */
const proof = { checker: 'automaton', timeout: 60_000 } as const;

/** A line for each regular expression that may take more than linear time. */
export function findSlowExpressions({ path, text }: Source): string[] {
  return findExpressions(text).flatMap((expression) => {
    const fault = faultOf(expression, path);
    return fault === undefined ? [] : [`${path}:${expression.line}: ${fault}`];
  });
}

function faultOf({ pattern, flags }: Expression, path: string): string | undefined {
  if (pattern === undefined) {
    return allowed.has(path)
      ? undefined
      : 'an expression created at run time cannot be checked; use a literal';
  }
  const verdict = checkSync(pattern, flags, proof);
  switch (verdict.status) {
    case 'safe':
      return undefined;
    case 'vulnerable':
      return `/${pattern}/${flags} takes ${verdict.complexity.summary} time, for example on ${verdict.attack.pattern}`;
    case 'unknown':
      return `/${pattern}/${flags} cannot be judged (${verdict.error.kind}); write it more simply, without look-around and back references`;
  }
}
