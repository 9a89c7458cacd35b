import type { JsonValue, Timestamp } from '@mintaka/contract';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Random } from '../random.ts';
import type { ServerSettings } from '../settings.ts';
import type { LostAnswers } from './lost-answers.ts';
import type { Observer } from './observer.ts';
import type { Deletions } from './running-deletions.ts';
import type { SchemaChecks } from './schema-checks/schema-checks.ts';

export type { ApiVersion } from '../orchestration/api-version.ts';

/** Values of `configuration` by key, each believed until the given moment; see `configuration.ts`. */
export type RememberedConfiguration = Map<string, { value: JsonValue; until: Timestamp }>;

/** What every operation of the domain works with; made once, in the composition root. */
export type Context = {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: ServerSettings;
  /** Is told what happens, for the figures of the server. */
  readonly observer: Observer;
  /** What was read of the database's configuration; it belongs to this database alone. */
  readonly configuration: RememberedConfiguration;
  /** Judges overrides of deployments by the schemas of work pools. */
  readonly schemaChecks: SchemaChecks;
  /** The deletions that this server works on. */
  readonly deletions: Deletions;
  /** The answers that clients did not receive. */
  readonly lostAnswers: LostAnswers;
};
