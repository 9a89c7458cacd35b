import { addSeconds, type JsonValue, storedJson } from '@mintaka/contract';
import type { ReadSession, WriteSession } from '../../../database/database.ts';
import type { Context } from '../../context.ts';

/** For how long a configuration value is cached, in seconds. */
const freshSeconds = 3600;

/** A value of `configuration`, and whether it comes from the cache. */
export type ConfigurationValue = { value: JsonValue; remembered: boolean };

/** The value of a key, from the cache if it was read within the last hour; undefined without one. */
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

/** The cached value of a key; undefined if it was not read within the last hour. */
export function rememberedConfiguration(
  { clock, configuration }: Context,
  key: string,
): JsonValue | undefined {
  const known = configuration.get(key);
  return known !== undefined && clock.now() < known.until ? known.value : undefined;
}

/** The current value of a key in the database, which is then cached. */
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

/** Writes the value of a key unless it has one; returns the stored value. Safe for any number of servers. */
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

/** Removes a key from the cache, so that it is read again. */
export function forgetConfiguration({ configuration }: Context, key: string): void {
  configuration.delete(key);
}
