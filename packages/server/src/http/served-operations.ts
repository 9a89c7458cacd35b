import type { JsonObject, JsonText, Operations } from '@mintaka/contract';
import { wireType } from '@mintaka/contract/wire';
import { type ServerSettings, shownSettingsSchema } from '../settings.ts';
import { operationsWith } from './read-operations.ts';

/** The operations of the API for a server with these settings. */
export function servedOperations({
  taskCacheKeyMaxLength,
}: Pick<ServerSettings, 'taskCacheKeyMaxLength'>): Operations {
  const table = operationsWith(taskCacheKeyMaxLength);
  const readSettings = { ...table.admin.readSettings, responses: { 200: shownSettings() } };
  return { ...table, admin: { ...table.admin, readSettings } };
}

/** The settings with their names and kinds, which only the server knows. */
function shownSettings() {
  const schema = wireType<JsonText<JsonObject>, JsonObject>(() => undefined, shownSettingsSchema());
  return schema.meta({ id: 'Settings', title: 'Settings' });
}
