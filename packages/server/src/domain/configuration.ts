import { addSeconds, type JsonValue, storedJson } from '@mintaka/contract';
import type { ReadSession, WriteSession } from '../database/database.ts';
import type { Context } from './context.ts';

/** For how long a configuration value is believed without looking, in seconds. */
const freshSeconds = 3600;

/** A value of `configuration`, and whether it was remembered rather than read. */
export type ConfigurationValue = { value: JsonValue; remembered: boolean };

/** The value of a key, from memory where it was read within the last hour; undefined where there is none. */
export async function readConfiguration(
  context: Context,
  session: ReadSession,
  key: string,
): Promise<ConfigurationValue | undefined> {
  const known = rememberedConfiguration(context, key);
  if (known !== undefined) return { value: known, remembered: true };
  const value = await readStoredConfiguration(context, session, key);
  return value === undefined ? undefined : { value, remembered: false };
}

/** The value of a key as it is remembered; undefined where nobody read it within the last hour. */
export function rememberedConfiguration(
  { clock, configuration }: Context,
  key: string,
): JsonValue | undefined {
  const known = configuration.get(key);
  return known !== undefined && clock.now() < known.until ? known.value : undefined;
}

/** The value of a key as it stands in the database now, which is remembered from then on. */
export async function readStoredConfiguration(
  { clock, configuration }: Context,
  session: ReadSession,
  key: string,
): Promise<JsonValue | undefined> {
  const row = await session.first(
    session.sql.selectFrom('configuration').select('value').where('key', '=', key),
  );
  if (row === undefined) return undefined;
  const value = row.value.parse();
  configuration.set(key, { value, until: addSeconds(clock.now(), freshSeconds) });
  return value;
}

/** Writes the value of a key unless it has one, and gives the one that it has then. Any number of servers may do so at once. */
export async function provideConfiguration(
  context: Context,
  session: WriteSession,
  key: string,
  value: JsonValue,
): Promise<JsonValue> {
  const now = context.clock.now();
  await session.run(
    session.sql
      .insertInto('configuration')
      .values({ id: context.random.id(), created: now, updated: now, key, value: storedJson(value) })
      .onConflict((conflict) => conflict.column('key').doNothing()),
  );
  return (await readStoredConfiguration(context, session, key)) ?? value;
}

/** Forgets the value of a key, so that it is read anew when it is wanted next. */
export function forgetConfiguration({ configuration }: Context, key: string): void {
  configuration.delete(key);
}
