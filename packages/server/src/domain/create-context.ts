import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Random } from '../random.ts';
import type { ServerSettings } from '../settings.ts';
import type { Context } from './context.ts';
import { createLostAnswers } from './lost-answers.ts';
import { noObserver, type Observer } from './observer.ts';
import { createDeletions, type DeletionTimer } from './running-deletions.ts';
import { createSchemaChecks } from './schema-checks/schema-checks.ts';

/** The parts of a {@link Context}. */
export type ContextParts = {
  /** An opened database with the schema. */
  readonly database: Database;
  readonly settings: ServerSettings;
  readonly clock: Clock;
  readonly random: Random;
  /** Paces deletions. */
  readonly timer: DeletionTimer;
  /** Receives events; by default they are ignored. */
  readonly observer?: Observer;
};

/**
 * Creates the dependencies of the domain, for servers, tests and tools; nothing else creates them. To end them, stop
 * `deletions`, close `schemaChecks`, then close the database.
 */
export function createContext({ timer, observer = noObserver, ...parts }: ContextParts): Context {
  return {
    ...parts,
    observer,
    configuration: new Map(),
    deletions: createDeletions(timer),
    schemaChecks: createSchemaChecks(),
    lostAnswers: createLostAnswers(parts),
  };
}
