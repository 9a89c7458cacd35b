import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Random } from '../random.ts';
import type { ServerSettings } from '../settings.ts';
import type { Context } from './context.ts';
import { createLostAnswers } from './lost-answers.ts';
import { noObserver, type Observer } from './observer.ts';
import { createDeletions, type DeletionTimer } from './running-deletions.ts';
import { createSchemaChecks } from './schema-checks/schema-checks.ts';

/** What a {@link Context} is made from. */
export type ContextParts = {
  /** An opened database with the schema. */
  readonly database: Database;
  readonly settings: ServerSettings;
  readonly clock: Clock;
  readonly random: Random;
  /** Paces deletions. */
  readonly timer: DeletionTimer;
  /** Told what happens; nobody is if this is missing. */
  readonly observer?: Observer;
};

/**
 * Makes what every operation of the domain works with. It is the only place that does, for servers, tests and tools alike.
 * To end it, stop `deletions`, close `schemaChecks`, then close the database.
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
