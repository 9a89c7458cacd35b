import { join } from 'node:path';
import { freePort, startServer as startProcess } from '@mintaka/testing/process';
import { factsOf, type ProcessFacts } from './process-facts.ts';
import { commandOf, type Subject } from './subject.ts';

/** A server under test, in its own process group. */
export type RunningServer = {
  port: number;
  /** The id of its process group. */
  group: number;
  /** Seconds from its start to its first answer to /api/health. */
  startSeconds: number;
  facts: () => ProcessFacts;
  /** Asks it to stop (SIGTERM) and waits; kills it if it does not. */
  stop: () => Promise<void>;
  /** Kills it (SIGKILL), and waits until it has exited. */
  kill: () => Promise<void>;
};

/**
 * Starts a server on a database, with background loops only if `loops` is set, and waits for its first answer.
 * @param home a folder for its other files, such as its log.
 * @throws Error with its output if it exits or does not respond in time.
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
