/** A stream of choices that one seed fixes. */
export type Random = {
  /** A number in [0, 1). */
  fraction(): number;
  /** A whole number in [0, limit). */
  below(limit: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** One of the items. */
  pick<T>(items: readonly [T, ...T[]] | readonly T[]): T;
  /** Some of the items, in their order: from none to all. */
  some<T>(items: readonly T[], probability?: number): T[];
};

/** Creates the stream of a seed (a 32-bit mixing generator: small, fast, the same everywhere). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const fraction = () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 0x1_0000_0000;
  };
  const below = (limit: number) => Math.floor(fraction() * limit);
  const chance = (probability: number) => fraction() < probability;
  return {
    fraction,
    below,
    chance,
    pick: <T>(items: readonly T[]) => {
      const index = below(items.length);
      if (index >= items.length) throw new Error('Nothing to pick from.');
      return items[index] as T;
    },
    some: (items, probability = 0.5) => items.filter(() => chance(probability)),
  };
}
