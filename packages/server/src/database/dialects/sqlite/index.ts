import type { Dialect } from '../dialect.ts';
import { sqliteBindings, sqliteSeeking } from './bindings.ts';
import { blockDocumentsInSqlite } from './block-documents.ts';
import { blockSchemasInSqlite } from './block-schemas.ts';
import { deletionInSqlite } from './deletion.ts';
import { dispatchFromSqlite } from './dispatch.ts';
import { historyInSqlite } from './history.ts';
import { insertLogsIntoSqlite } from './logs.ts';
import { takeNotificationsFromSqlite } from './notifications.ts';
import { idsOfPageInSqlite } from './page.ts';
import { expiredPausesInSqlite } from './paused-runs.ts';
import { runsByIdFromSqlite } from './runs-by-id.ts';
import { scheduledRunsInSqlite } from './scheduled-runs.ts';
import { stateChangeInSqlite } from './state-change.ts';

/** SQLite's spelling. */
export const sqliteDialect: Dialect = {
  name: 'sqlite',
  bindings: sqliteBindings,
  seeking: sqliteSeeking,
  takesNul: true,
  questions: {
    blockDocuments: blockDocumentsInSqlite,
    blockSchemas: blockSchemasInSqlite,
    stateChange: stateChangeInSqlite,
    history: historyInSqlite,
    idsOfPage: idsOfPageInSqlite,
    runsById: runsByIdFromSqlite,
    dispatch: dispatchFromSqlite,
    expiredPauses: expiredPausesInSqlite,
    insertLogs: insertLogsIntoSqlite,
    takeNotifications: takeNotificationsFromSqlite,
    scheduledRuns: scheduledRunsInSqlite,
    deletion: deletionInSqlite,
  },
};
