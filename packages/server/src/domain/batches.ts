import { ResultTooLargeError } from './errors.ts';

/** The items of a list in order, in batches, so that memory never holds a whole list of large items. */
export type Batches<Item> = AsyncIterable<readonly Item[]>;

/** A part of a list: at most `limit` items after the first `offset`. */
export type Piece = { readonly limit: number; readonly offset: number };

/** Whether a value is a list in batches. */
export function isBatches(value: unknown): value is Batches<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

/** Reads a piece of a list at once, or item by item if its items are too large to be read together. */
export async function* readPiece<Item>(
  { limit, offset }: Piece,
  read: (piece: Piece) => Promise<Item[]>,
): AsyncGenerator<Item[]> {
  const whole = await unlessTooLarge(() => read({ limit, offset }));
  if (whole !== undefined) return yield whole;
  for (let item = 0; item < limit; item += 1) {
    const batch = await read({ limit: 1, offset: offset + item });
    if (batch.length === 0) return;
    yield batch;
  }
}

/** The number of items of an unlimited list that are read at once. */
const pieceSize = 500;

/** Reads all items of a list, piece by piece. */
export async function* readAllPieces<Item>(read: (piece: Piece) => Promise<Item[]>): AsyncGenerator<Item[]> {
  for (let offset = 0; ; offset += pieceSize) {
    let found = 0;
    for await (const batch of readPiece({ limit: pieceSize, offset }, read)) {
      found += batch.length;
      yield batch;
    }
    if (found < pieceSize) return;
  }
}

/** As many of the first `limit` items as fit into one result, at least one. */
export async function readAsManyAsFit<Result>(
  limit: number,
  read: (limit: number) => Promise<Result>,
): Promise<Result> {
  for (const fewer of [limit, Math.ceil(limit / 20)]) {
    const result = await unlessTooLarge(() => read(fewer));
    if (result !== undefined) return result;
  }
  return read(1);
}

/** The result of `read`; undefined if it is too large. */
export async function unlessTooLarge<Result>(read: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ResultTooLargeError) return undefined;
    throw error;
  }
}

/** The same list with the items of each batch changed. */
export async function* mapBatches<From, To>(
  batches: Batches<From>,
  change: (batch: readonly From[]) => To[],
): AsyncGenerator<To[]> {
  for await (const batch of batches) yield change(batch);
}
