import type { Context } from '../domain/context.ts';
import { forgetOldClaims, giveBackLostClaims } from '../domain/own/claim-records.ts';
import { forgetOldLists } from '../domain/own/operation-list-records.ts';
import type { Log } from '../log.ts';
import { type LoopObserver, loop, type Service } from './loop.ts';

/** From one round to the next, in seconds. */
const loopSeconds = 15;

/** The loop that gives back runs whose worker did not receive them, and deletes old records of claims and lists of operations. */
export function claimCleanup(context: Context, log: Log, observer?: LoopObserver): Service {
  const name = 'claim cleanup';
  return loop({
    name,
    seconds: loopSeconds,
    log,
    observer,
    runOnce: async () => {
      const runs = await repeatUntilNone(() => giveBackLostClaims(context));
      if (runs > 0)
        log.warn({ service: name, runs }, 'rescheduled claimed runs whose worker did not receive them');
      await repeatUntilNone(() => forgetOldClaims(context));
      await repeatUntilNone(() => forgetOldLists(context));
    },
  });
}

/** Does pages of work until one is empty. @returns how much was done in all */
async function repeatUntilNone(work: () => Promise<number>): Promise<number> {
  let total = 0;
  for (let done = await work(); done > 0; done = await work()) total += done;
  return total;
}
