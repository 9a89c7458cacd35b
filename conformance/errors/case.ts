import type { Operation } from './operations.ts';

/** A request that is wrong in one way. */
export type Case = {
  /** What is wrong with it: the column of the table. */
  kind: string;
  /** What it would have been: the row of the table. */
  operation: Operation;
  /** What exactly was spoiled, where the kind does not say it. */
  detail?: string;
  path: string;
  method: string;
  headers: Record<string, string>;
  /** Text with `⟨names⟩`, or bytes as they are. */
  body?: string | Uint8Array<ArrayBuffer>;
};

/** What one server answered: with its own ids as `⟨names⟩`, its own address cut off. */
export type Told = { status: number; body: string; location: string };

/** A case with both answers. */
export type Outcome = { asked: Case; reference: Told; ours: Told };
