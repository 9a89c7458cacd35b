import type { Dialect } from '../dialect.ts';
import { postgresBindings } from './bindings.ts';
import { blockDocumentsInPostgres } from './block-documents.ts';
import { blockSchemasInPostgres } from './block-schemas.ts';
import { deletionInPostgres } from './deletion.ts';
import { dispatchFromPostgres } from './dispatch.ts';
import { historyInPostgres } from './history.ts';
import { insertLogsIntoPostgres } from './logs.ts';
import { takeNotificationsFromPostgres } from './notifications.ts';
import { idsOfPageInPostgres } from './page.ts';
import { expiredPausesInPostgres } from './paused-runs.ts';
import { runsByIdFromPostgres } from './runs-by-id.ts';
import { scheduledRunsInPostgres } from './scheduled-runs.ts';
import { stateChangeInPostgres } from './state-change.ts';

/** Postgres' spelling. */
export const postgresDialect: Dialect = {
  name: 'postgres',
  bindings: postgresBindings,
  seeking: postgresBindings,
  // differs because Postgres' text and jsonb can store every character except this one.
  takesNul: false,
  questions: {
    blockDocuments: blockDocumentsInPostgres,
    blockSchemas: blockSchemasInPostgres,
    stateChange: stateChangeInPostgres,
    history: historyInPostgres,
    idsOfPage: idsOfPageInPostgres,
    runsById: runsByIdFromPostgres,
    dispatch: dispatchFromPostgres,
    expiredPauses: expiredPausesInPostgres,
    insertLogs: insertLogsIntoPostgres,
    takeNotifications: takeNotificationsFromPostgres,
    scheduledRuns: scheduledRunsInPostgres,
    deletion: deletionInPostgres,
  },
};
