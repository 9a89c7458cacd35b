import { SCHEMA_CHECK } from '@mintaka/contract';
import { createJobThread, JobFailedError, type JobLimits, JobRefusedError } from '../../job-thread.ts';
import { TemporarilyUnavailableError } from '../errors.ts';

/** Overrides to check against a job template, both as JSON text. */
export type Check = { template: string; overrides: string };

/**
 * Whether overrides fit; if not, the error that Prefect would report, in its words. `unfinished` gives the reason if the
 * check exceeded its limits.
 */
export type Verdict =
  | { status: 'valid' }
  | { status: 'invalid'; kind: 'ValidationError' | 'SchemaError'; problem: string }
  | { status: 'unfinished'; reason: string };

/** Checks overrides against users' schemas, which can demand any amount of work, without blocking anything else. */
export type SchemaChecks = {
  /** @throws TemporarilyUnavailableError if too many checks are waiting, or the server is stopping */
  judge(check: Check): Promise<Verdict>;
  /** Ends the thread; checks that are waiting fail. */
  close(): Promise<void>;
};

/** Creates a checker with its own thread, with limits of time and memory per check. */
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
