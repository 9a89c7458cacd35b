/** The two servers of a comparison. */
export type Side = 'reference' | 'ours';

/** Pairs of ids of the same object on both servers, each with a name (`⟦7⟧`). */
export type Identities = {
  /** The name of a pair, created if both ids are new. Undefined if they belong to different pairs. */
  pair(reference: string, ours: string): string | undefined;
  /** Whether two ids can be the same object: equal, already paired, or both new. */
  agree(reference: string, ours: string): boolean;
  /** The name of an id on one side; undefined if it is not in a pair. */
  name(side: Side, id: string): string | undefined;
  /** Replaces every name in a text with the side's id. */
  render(text: string, side: Side): string;
};

const namePattern = /⟦(\d+)⟧/g;

/** Finds the ids in a text. */
export const idPattern = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Starts without a pair. */
export function createIdentities(): Identities {
  const pairs: Record<Side, string>[] = [];
  const numbers = { reference: new Map<string, number>(), ours: new Map<string, number>() };
  const agree = (reference: string, ours: string) => {
    const left = numbers.reference.get(reference);
    const right = numbers.ours.get(ours);
    return left === right;
  };
  return {
    agree,
    pair: (reference, ours) => {
      if (!agree(reference, ours)) return undefined;
      const known = numbers.reference.get(reference);
      if (known !== undefined) return `⟦${known}⟧`;
      const number = pairs.push({ reference, ours }) - 1;
      numbers.reference.set(reference, number);
      numbers.ours.set(ours, number);
      return `⟦${number}⟧`;
    },
    name: (side, id) => {
      const number = numbers[side].get(id);
      return number === undefined ? undefined : `⟦${number}⟧`;
    },
    render: (text, side) =>
      text.replace(namePattern, (name, number) => pairs[Number(number)]?.[side] ?? name),
  };
}
