import { ascendingSearch } from '../text-search.ts';

/**
 * The names in double braces in a text, trimmed: the matches of Python's `{{\s*(.*?)\s*}}`, in linear time. A name
 * contains no line break.
 */
export function placeholdersIn(text: string): string[] {
  const names: string[] = [];
  const nextClose = ascendingSearch(text, '}}');
  const nextLineBreak = ascendingSearch(text, '\n');
  const trimmedEnd = rememberLast((close) => skipSpaceBack(text, close));
  let open = text.indexOf('{{');
  while (open >= 0) {
    const start = skipSpace(text, open + 2);
    const close = nextClose(start);
    if (close === text.length) return names;
    const end = Math.max(start, trimmedEnd(close));
    const isName = nextLineBreak(start) >= end;
    if (isName) names.push(text.slice(start, end));
    open = text.indexOf('{{', isName ? close + 2 : open + 1);
  }
  return names;
}

/** Caches the last result. */
function rememberLast(compute: (place: number) => number): (place: number) => number {
  let asked = -1;
  let answer = -1;
  return (place) => {
    if (place !== asked) {
      asked = place;
      answer = compute(place);
    }
    return answer;
  };
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text[at])) at += 1;
  return at;
}

function skipSpaceBack(text: string, from: number): number {
  let at = from;
  while (isSpace(text[at - 1])) at -= 1;
  return at;
}

function isSpace(letter: string | undefined): boolean {
  return letter !== undefined && /\s/.test(letter);
}
