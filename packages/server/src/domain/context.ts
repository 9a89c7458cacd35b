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

/** Cached values of `configuration` by key, each valid until the given time; see `blocks/encryption/configuration.ts`. */
export type RememberedConfiguration = Map<string, { value: JsonValue; until: Timestamp }>;

/** The dependencies of every operation of the domain; created once, in the composition root. */
export type Context = {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: ServerSettings;
  /** Receives events for the metrics. */
  readonly observer: Observer;
  /** The cached configuration of this database. */
  readonly configuration: RememberedConfiguration;
  /** Checks overrides of deployments against the schemas of work pools. */
  readonly schemaChecks: SchemaChecks;
  /** The deletions that this server works on. */
  readonly deletions: Deletions;
  /** The answers that clients did not receive. */
  readonly lostAnswers: LostAnswers;
};
