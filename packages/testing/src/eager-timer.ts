import type { DeletionTimer } from '../../server/src/domain/running-deletions.ts';

/** Waits no longer than a turn of the event loop. */
export const eagerTimer: DeletionTimer = {
  now: () => performance.now(),
  wait: () => new Promise((next) => setImmediate(next)),
};
