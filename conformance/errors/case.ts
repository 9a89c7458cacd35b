import type { Operation } from './operations.ts';

/** A request that is wrong in one way. */
export type Case = {
  /** The kind of error: the column of the table. */
  kind: string;
  /** The operation: the row of the table. */
  operation: Operation;
  /** What exactly is invalid, if the kind does not say it. */
  detail?: string;
  path: string;
  method: string;
  headers: Record<string, string>;
  /** Text with `⟨names⟩`, or raw bytes. */
  body?: string | Uint8Array<ArrayBuffer>;
};

/** The answer of one server: with `⟨names⟩` instead of its ids, without its address. */
export type Told = { status: number; body: string; location: string };

/** A case with both answers. */
export type Outcome = { asked: Case; reference: Told; ours: Told };
