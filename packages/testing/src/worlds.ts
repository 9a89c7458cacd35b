import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { type Timestamp, timestamp } from '@mintaka/contract';
import type { Environment } from '@mintaka/settings';
import type { DialectName } from '../../server/src/database/dialect-name.ts';
import { prepareSchema } from '../../server/src/database/open.ts';
import type { Context } from '../../server/src/domain/context.ts';
import { createContext } from '../../server/src/domain/create-context.ts';
import { systemRandom } from '../../server/src/random.ts';
import { readSettings } from '../../server/src/settings.ts';
import { dialects } from './dialect-apps.ts';
import { eagerTimer } from './eager-timer.ts';
import { openTestDatabase } from './open.ts';
import { testPostgres } from './postgres.ts';

/** The time at which every test runs. */
export const noon = timestamp('2026-06-01 12:00:00.000000');

/** A fresh database with a flow, and the domain as seen by one or more servers at {@link noon}. */
export type World = {
  context: Context;
  flowId: string;
  /** The domain of another server on the same database. */
  secondServer(): Promise<Context>;
  close(): Promise<void>;
};

/** Declares tests that must pass on each dialect, each with its own database. */
export function inEachWorld(
  subject: string,
  declare: (
    it: (name: string, work: (world: World) => Promise<void>, settings?: Environment) => void,
  ) => void,
): void {
  for (const dialect of dialects) {
    describe(`${subject}, on ${dialect}`, () => {
      declare((name, work, settings = {}) => {
        test(name, async (context: TestContext) => {
          const world = await openWorld(dialect, settings);
          if (world === undefined) return context.skip('Postgres is not installed');
          try {
            await work(world);
          } finally {
            await world.close();
          }
        });
      });
    });
  }
}

async function openWorld(dialect: DialectName, environment: Environment): Promise<World | undefined> {
  const place = dialect === 'postgres' ? await testPostgres({ migrated: true }) : sqliteFile();
  if (place === undefined) return undefined;
  const settings = readSettings({ MINTAKA_PROFILES_PATH: '/dev/null', ...environment });
  const opened: Context[] = [];
  const open = async () => {
    const database = await openTestDatabase(place.url);
    await prepareSchema(database, true);
    const clock = { now: () => noon };
    const context = createContext({ database, settings, clock, random: systemRandom, timer: eagerTimer });
    opened.push(context);
    return context;
  };
  const context = await open();
  return {
    context,
    flowId: await makeFlow(context),
    secondServer: open,
    close: async () => {
      for (const { database, schemaChecks } of opened) {
        await schemaChecks.close();
        await database.close();
      }
      await place.drop();
    },
  };
}

/** A file, so that two servers can open it. */
function sqliteFile(): { url: string; drop(): Promise<void> } {
  const folder = mkdtempSync(join(tmpdir(), 'mintaka-world-'));
  return { url: `sqlite:///${folder}/world.db`, drop: async () => rmSync(folder, { recursive: true }) };
}

async function makeFlow({ database }: Context): Promise<string> {
  const id = randomUUID();
  await database.transaction((session) =>
    session.run(session.sql.insertInto('flow').values({ id, name: 'flow', tags: '[]' })),
  );
  return id;
}

/** Creates a deployment with the given stored schedule, changed at the given time. */
export async function makeDeployment(
  { context, flowId }: World,
  schedule: object,
  updated: Timestamp = noon,
): Promise<string> {
  const id = randomUUID();
  await context.database.transaction((session) =>
    session.run(
      session.sql.insertInto('deployment').values({
        id,
        created: updated,
        updated,
        name: id,
        flow_id: flowId,
        schedule: JSON.stringify(schedule),
        tags: '["tagged"]',
        parameters: '{"x": 1}',
        infra_overrides: '{}',
      }),
    ),
  );
  return id;
}

/** The start times of the planned runs of each deployment, ascending. */
export async function plannedStarts({ database }: Context): Promise<Map<string | null, Timestamp[]>> {
  const rows = await database.read((session) =>
    session.all(
      session.sql
        .selectFrom('flow_run')
        .select(['deployment_id', 'expected_start_time'])
        .orderBy('expected_start_time'),
    ),
  );
  const starts = new Map<string | null, Timestamp[]>();
  for (const { deployment_id, expected_start_time } of rows) {
    if (expected_start_time === null) continue;
    starts.set(deployment_id, [...(starts.get(deployment_id) ?? []), expected_start_time]);
  }
  return starts;
}
