import type { Context } from '../domain/context.ts';
import { forgetExpiredAnswers } from '../domain/upkeep/expired-answers.ts';
import type { Log } from '../log.ts';
import { type LoopObserver, loop, type Service } from './loop.ts';

/** The loop that deletes expired answers. */
export function answerCleanup(context: Context, log: Log, observer?: LoopObserver): Service {
  const name = 'answer cleanup';
  return loop({
    name,
    seconds: context.settings.services.answerCleanup.loopSeconds,
    log,
    observer,
    runOnce: async () => {
      const answers = await forgetExpiredAnswers(context);
      if (answers > 0) log.info({ service: name, answers }, 'deleted expired answers');
    },
  });
}
