/** A text of at most so many characters: a longer one is cut off and says how long it was. */
export function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most).toWellFormed()}... (${text.length} characters)`;
}

/** How many characters a text has, as Python counts them: one for each code point. */
export function characterCount(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) count += 1;
  return count;
}

/** Drops one letter from both ends of a text, however often it stands there. */
export function trimmed(text: string, letter: string): string {
  let from = 0;
  while (text[from] === letter) from += 1;
  return trimmedEnd(text.slice(from), letter);
}

/** Drops one letter from the end of a text, however often it stands there. */
export function trimmedEnd(text: string, letter: string): string {
  let to = text.length;
  while (to > 0 && text[to - 1] === letter) to -= 1;
  return text.slice(0, to);
}

/**
 * Searches a text for `needle` from places that ascend, so that many searches together look at each letter once. Answers the
 * next place at or after `from`, or the end of the text if the needle is not there.
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
