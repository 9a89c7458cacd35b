import { type JsonText, type Timestamp, wireTimestamp } from '@mintaka/contract';
import type { Reader } from '../statements.ts';

/** A paused flow run, with its current state. */
export type PausedRun = { id: string; state_id: string | null; state_details: JsonText };

/**
 * Finds paused flow runs whose pause timeout has passed, in the order of their ids, after a given id. It may also find
 * others, if their timeout is not in UTC: the caller checks each.
 */
export type ExpiredPauses = (
  session: Reader,
  question: { readonly now: Timestamp; readonly after: string | null; readonly limit: number },
) => Promise<PausedRun[]>;

/**
 * The current time in the format of state details, and the id before the first; the parameters of {@link ExpiredPauses} in
 * both dialects.
 */
export function pauseParameters({ now, after, limit }: Parameters<ExpiredPauses>[1]): readonly unknown[] {
  return [wireTimestamp(now), after ?? '00000000-0000-0000-0000-000000000000', limit];
}
