import type { JsonValue } from '@mintaka/contract';
import { pythonNumber, quoted } from '@mintaka/contract/wire';

/**
 * A JSON value as Python shows it in a message: `{'a': [1, None, True]}`.
 * @param limit the text may end anywhere after this many characters, so that large values cost no more than what is shown
 */
export function pythonText(value: JsonValue, limit = Number.POSITIVE_INFINITY): string {
  const pieces: string[] = [];
  let length = 0;
  const write = (text: string) => {
    pieces.push(text);
    length += text.length;
  };
  const writeAll = <Item>(open: string, items: readonly Item[], one: (item: Item) => void, close: string) => {
    write(open);
    for (const [place, item] of items.entries()) {
      if (length > limit) return;
      if (place > 0) write(', ');
      one(item);
    }
    write(close);
  };
  const writeValue = (item: JsonValue): void => {
    const number = pythonNumber(item);
    if (item === null) write('None');
    else if (typeof item === 'string') write(quoted(item.slice(0, limit)));
    else if (number !== undefined) write(number.text);
    else if (Array.isArray(item)) writeAll('[', item, writeValue, ']');
    else {
      const writeEntry = ([key, inner]: [string, JsonValue]) => {
        write(`${quoted(key.slice(0, limit))}: `);
        writeValue(inner);
      };
      writeAll('{', Object.entries(item), writeEntry, '}');
    }
  };
  writeValue(value);
  return pieces.join('');
}
