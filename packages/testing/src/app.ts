import type { Environment } from '@mintaka/settings';
import type { FastifyInstance } from 'fastify';
import pino, { type Logger } from 'pino';
import { systemClock } from '../../server/src/clock.ts';
import { prepareSchema } from '../../server/src/database/open.ts';
import type { Context } from '../../server/src/domain/context.ts';
import { createContext } from '../../server/src/domain/create-context.ts';
import { createPollRecorder } from '../../server/src/domain/work-pools/poll-recorder.ts';
import { buildApp } from '../../server/src/http/app.ts';
import { createMetrics } from '../../server/src/metrics.ts';
import { systemRandom } from '../../server/src/random.ts';
import { readSettings } from '../../server/src/settings.ts';
import { noteCoverage } from './coverage.ts';
import { eagerTimer } from './eager-timer.ts';
import { openTestDatabase } from './open.ts';

noteCoverage();

/** An application that does not listen, on its own database. */
export type TestApp = { app: FastifyInstance; context: Context; close(): Promise<void> };

/** Replacements for real parts in a test. */
export type TestParts = Partial<Pick<Context, 'clock' | 'random' | 'database' | 'deletions'>> & {
  log?: Logger;
  listening?: AbortController;
};

/**
 * Builds the application for requests with `app.inject`. The database is in memory unless the settings name another
 * one; it has the schema. `parts` replaces the real clock, randomness, database, or the log that drops everything.
 */
export async function testApp(
  settings: Environment = {},
  { log = pino({ level: 'silent' }), listening = new AbortController(), ...parts }: TestParts = {},
): Promise<TestApp> {
  const read = readSettings({
    MINTAKA_DATABASE_CONNECTION_URL: 'sqlite://',
    MINTAKA_PROFILES_PATH: '/dev/null',
    ...settings,
  });
  const metrics = createMetrics();
  const database = parts.database ?? (await openTestDatabase(read.databaseUrl, metrics.committed));
  await prepareSchema(database, true);
  const { clock = systemClock, random = systemRandom } = parts;
  const made = createContext({
    database,
    settings: read,
    clock,
    random,
    timer: eagerTimer,
    observer: metrics,
  });
  const context = { ...made, ...parts };
  const polls = createPollRecorder(context, () => {});
  const app = await buildApp({ context, polls, log, bodyLimit: read.bodyLimit, metrics, listening });
  return {
    app,
    context,
    close: async () => {
      await app.close();
      await context.schemaChecks.close();
      await database.close();
    },
  };
}
