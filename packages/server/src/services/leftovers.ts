import { addSeconds, type Timestamp } from '@mintaka/contract';
import type { Context } from '../domain/context.ts';
import { type SearchPosition, searchLeftovers, searchStart } from '../domain/upkeep/leftovers.ts';
import type { Log } from '../log.ts';
import { type LoopObserver, loop, type Service } from './loop.ts';

/** The interval between the steps of a search, in seconds; a step reads for a few milliseconds. */
const loopSeconds = 10;
/** From the start of the server to that of its first search, in seconds: the start is busy enough. */
const firstRestSeconds = 60;
/** From the end of a search to the start of the next, in seconds. */
const restSeconds = 86_400;

/** The loop that slowly searches for orphaned rows. */
export function leftovers(context: Context, log: Log, observer?: LoopObserver): Service {
  const service = 'leftovers';
  let position: SearchPosition = searchStart;
  let rests: Timestamp | undefined = addSeconds(context.clock.now(), firstRestSeconds);
  return loop({
    name: service,
    seconds: loopSeconds,
    log,
    observer,
    runOnce: async () => {
      if (rests !== undefined && context.clock.now() < rests) return;
      const { deleted, next } = await searchLeftovers(context, position);
      if (deleted > 0) log.info({ service, rows: deleted }, 'deleted orphaned rows');
      position = next ?? searchStart;
      rests = next === undefined ? addSeconds(context.clock.now(), restSeconds) : undefined;
    },
  });
}
