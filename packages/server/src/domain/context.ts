import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Random } from '../random.ts';
import type { ServerSettings } from '../settings.ts';

export type { ApiVersion } from '../orchestration/api-version.ts';

/** What every operation of the domain works with; made once, in the composition root. */
export type Context = {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: ServerSettings;
};
