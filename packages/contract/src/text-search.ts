/** Truncates a text to a number of characters, and appends its original length. */
export function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most).toWellFormed()}... (${text.length} characters)`;
}

/** The number of characters as Python counts them: one per code point. */
export function characterCount(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) count += 1;
  return count;
}

/** Removes all occurrences of a character from both ends of a text. */
export function trimmed(text: string, letter: string): string {
  let from = 0;
  while (text[from] === letter) from += 1;
  return trimmedEnd(text.slice(from), letter);
}

/** Removes all occurrences of a character from the end of a text. */
export function trimmedEnd(text: string, letter: string): string {
  let to = text.length;
  while (to > 0 && text[to - 1] === letter) to -= 1;
  return text.slice(0, to);
}

/**
 * Searches a text for `needle` from ascending positions, so that all searches together are linear. Returns the next
 * position at or after `from`, or the length of the text if the needle is not found.
 */
export function ascendingSearch(text: string, needle: string): (from: number) => number {
  let found = -1;
  return (from) => {
    if (found < from) {
      found = text.indexOf(needle, from);
      if (found < 0) found = text.length;
    }
    return found;
  };
}
