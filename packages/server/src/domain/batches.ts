/** The items of a list in their order, some at a time, so that a long list or one with large items is never held as a whole. */
export type Batches<Item> = AsyncIterable<readonly Item[]>;

/** Whether a value is a list in batches. */
export function isBatches(value: unknown): value is Batches<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

/** All items of a list, for callers that need them at once. */
export async function allOf<Item>(batches: Batches<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const batch of batches) items.push(...batch);
  return items;
}

/** The same list with each item changed. */
export async function* mapBatches<From, To>(
  batches: Batches<From>,
  change: (item: From) => To,
): AsyncGenerator<To[]> {
  for await (const batch of batches) yield batch.map(change);
}
