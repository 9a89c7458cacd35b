import { isRawJson, JsonText } from '@mintaka/contract';

/** A value that threads can exchange: big integers represent its JsonTexts and raw numbers. */
export type Packed = {
  readonly value: unknown;
  readonly texts: readonly string[];
  readonly numbers: readonly string[];
};

/** Packs the output of a schema for another thread. No schema returns big integers. */
export function pack(value: unknown): Packed {
  const texts: string[] = [];
  const numbers: string[] = [];
  const packed = replace(value, (part) => {
    if (part instanceof JsonText) return BigInt(texts.push(part.text));
    return isRawJson(part) ? -BigInt(numbers.push(part.rawJSON)) : undefined;
  });
  return { value: packed, texts, numbers };
}

/** The value that was packed. */
export function unpack({ value, texts, numbers }: Packed): unknown {
  if (texts.length === 0 && numbers.length === 0) return value;
  return replace(value, (part) => {
    if (typeof part !== 'bigint') return undefined;
    const place = Number(part);
    return place > 0 ? new JsonText(texts[place - 1] ?? '') : JSON.rawJSON(numbers[-place - 1] ?? '');
  });
}

/** A copy of a value with parts replaced by `change`, which returns undefined for parts to keep. */
function replace(value: unknown, change: (part: unknown) => unknown): unknown {
  const changed = change(value);
  if (changed !== undefined) return changed;
  if (Array.isArray(value)) return value.map((item) => replace(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replace(item, change)]));
}
