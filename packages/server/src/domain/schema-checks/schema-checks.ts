import { SCHEMA_CHECK } from '@mintaka/contract';
import { createJobThread, JobFailedError, type JobLimits, JobRefusedError } from '../../job-thread.ts';
import { TemporarilyUnavailableError } from '../errors.ts';

/** Overrides to be judged by a template of jobs, both as JSON text. */
export type Check = { template: string; overrides: string };

/**
 * Whether overrides fit; if they do not, which error Prefect would name, and its words. `unfinished` says why there is no
 * verdict: the check took more than it may.
 */
export type Verdict =
  | { status: 'valid' }
  | { status: 'invalid'; kind: 'ValidationError' | 'SchemaError'; problem: string }
  | { status: 'unfinished'; reason: string };

/** Judges overrides by schemas of users, which can ask for any amount of work, without holding up anything else. */
export type SchemaChecks = {
  /** @throws TemporarilyUnavailableError if too many checks are waiting, or the server is stopping */
  judge(check: Check): Promise<Verdict>;
  /** Ends the thread; checks that are waiting fail. */
  close(): Promise<void>;
};

/** Judges in a thread of its own, each check within a time and a memory of its own. */
export function createSchemaChecks(limits: JobLimits = SCHEMA_CHECK): SchemaChecks {
  const thread = createJobThread<Check, Verdict>(new URL('./check-entry.js', import.meta.url), limits);
  return {
    judge: async (check) => {
      try {
        return await thread.run(check);
      } catch (error) {
        if (error instanceof JobFailedError) return { status: 'unfinished', reason: error.message };
        if (!(error instanceof JobRefusedError)) throw error;
        throw error.reason === 'closed'
          ? new TemporarilyUnavailableError('The server is stopping.', 1)
          : new TemporarilyUnavailableError(
              'Too many deployments are being checked at once.',
              limits.seconds,
            );
      }
    },
    close: () => thread.close(),
  };
}
