import type { DeletionTimer } from '../../server/src/domain/running-deletions.ts';

/** Waits only for one turn of the event loop. */
export const eagerTimer: DeletionTimer = {
  now: () => performance.now(),
  wait: () => new Promise((next) => setImmediate(next)),
};
