import { join } from 'node:path';
import { freePort, startServer as startProcess } from '@mintaka/testing/process';
import { factsOf, type ProcessFacts } from './process-facts.ts';
import { commandOf, type Subject } from './subject.ts';

/** A server under test, in a process group of its own. */
export type RunningServer = {
  port: number;
  /** The id of its process group. */
  group: number;
  /** Seconds from its start to its first answer to /api/health. */
  startSeconds: number;
  facts: () => ProcessFacts;
  /** Asks it to end (SIGTERM) and waits until it has; kills it when it does not. */
  stop: () => Promise<void>;
  /** kill -9, and waits until it is gone. */
  kill: () => Promise<void>;
};

/**
 * Starts a server on a database, its background loops off unless `loops` is set, and waits for its first answer.
 * @param home a folder for what else it stores, its log among it.
 * @throws Error with what it printed if it ends or does not answer in time.
 */
export async function startServer(
  subject: Subject,
  databaseUrl: string,
  home: string,
  options: { loops?: boolean } = {},
): Promise<RunningServer> {
  const port = await freePort();
  const command = commandOf(subject, { ...options, port, databaseUrl, home });
  const logFile = join(home, `server-${port}.log`);
  const { group, startSeconds, stop, kill } = await startProcess({ ...command, port, logFile });
  return { port, group, startSeconds, facts: () => factsOf(group), stop, kill };
}
