import { randomUUID } from 'node:crypto';

/** The source of randomness. It is passed in, so that tests can repeat themselves. */
export type Random = {
  /** A new random id (UUID version 4, lower case with hyphens). */
  id(): string;
  /** A number from 0 up to, but not including, 1. */
  fraction(): number;
};

/** The machine's own randomness. */
export const systemRandom: Random = { id: () => randomUUID(), fraction: () => Math.random() };
