import { SCHEMA_CHECK } from '@mintaka/contract';
import { shownText } from '@mintaka/contract/wire';
import type { RegExpEngine } from 'ajv/dist/types/index.js';
import { RE2JS } from 're2js';

/**
 * A regular expression engine for the patterns of one schema that is linear in the matched text for every pattern: RE2
 * instead of JavaScript's backtracking engine.
 */
export function linearPatterns(): RegExpEngine {
  let instructions = 0;
  const compile = (pattern: string) => {
    const compiled = compiledPattern(pattern);
    instructions += compiled.programSize();
    if (instructions > SCHEMA_CHECK.patternInstructions) {
      throw new Error('the patterns of the schema are too large');
    }
    return {
      test: (text: string) => compiled.matcher(text).find(),
      // ajv identifies patterns by this text.
      toString: () => pattern,
    };
  };
  return Object.assign(compile, { code: 'linearPatterns' });
}

function compiledPattern(pattern: string): RE2JS {
  try {
    return RE2JS.compile(RE2JS.translateRegExp(withEndOfText(pattern)));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `the pattern ${shownText(pattern)} cannot be used: ${reason} (patterns are those of RE2, without look-around and back references)`,
    );
  }
}

/** The pattern with RE2's name for the end of the text instead of Python's, which RE2 would read as a letter. */
function withEndOfText(pattern: string): string {
  return pattern.replace(/\\./gs, (escaped) => (escaped === '\\Z' ? '\\z' : escaped));
}
