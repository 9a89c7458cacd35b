export { type Environment, SettingsError, type Source } from '@mintaka/settings';
export { type Clock, systemClock } from './clock.ts';
export { DatabaseUnavailableError } from './database/errors.ts';
export { migrate } from './migrate.ts';
export { type Random, systemRandom } from './random.ts';
export { createServerLog } from './server-log.ts';
export { readSettings, type ServerSettings } from './settings.ts';
export { CannotListenError, type RunningServer, type StartOptions, startServer } from './start.ts';
