import {
  type JsonObject,
  type JsonText,
  type Operations,
  operations,
  taskRunCreate,
} from '@mintaka/contract';
import { wireType } from '@mintaka/contract/wire';
import { type ServerSettings, shownSettingsSchema } from '../settings.ts';

/** The operations of the API as a server with these settings has them. */
export function servedOperations({
  taskCacheKeyMaxLength,
}: Pick<ServerSettings, 'taskCacheKeyMaxLength'>): Operations {
  const { admin, taskRuns } = operations;
  const createTaskRun = { ...taskRuns.create, body: taskRunCreate(taskCacheKeyMaxLength) };
  const readSettings = { ...admin.readSettings, responses: { 200: shownSettings() } };
  return {
    ...operations,
    taskRuns: { ...taskRuns, create: createTaskRun },
    admin: { ...admin, readSettings },
  };
}

/** The settings with their names and kinds, which only the server knows. */
function shownSettings() {
  const schema = wireType<JsonText<JsonObject>, JsonObject>(() => undefined, shownSettingsSchema());
  return schema.meta({ id: 'Settings', title: 'Settings' });
}
