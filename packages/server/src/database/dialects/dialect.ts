import type { DialectName } from '../dialect-name.ts';
import type { Bindings } from './bindings.ts';
import type { BlockDocuments } from './block-documents.ts';
import type { BlockSchemas } from './block-schemas.ts';
import type { Deletion } from './deletion.ts';
import type { Dispatch } from './dispatch.ts';
import type { History } from './history.ts';
import type { InsertLogs } from './logs.ts';
import type { TakeNotifications } from './notifications.ts';
import type { IdsOfPage } from './page.ts';
import type { ExpiredPauses } from './paused-runs.ts';
import type { RunsById } from './runs-by-id.ts';
import type { ScheduledRuns } from './scheduled-runs.ts';
import type { StateChange } from './state-change.ts';

/** Complete queries with named parameters and named row types, by topic. */
export type Questions = {
  readonly stateChange: StateChange;
  readonly history: History;
  readonly idsOfPage: IdsOfPage;
  readonly runsById: RunsById;
  readonly dispatch: Dispatch;
  readonly expiredPauses: ExpiredPauses;
  readonly blockDocuments: BlockDocuments;
  readonly blockSchemas: BlockSchemas;
  readonly insertLogs: InsertLogs;
  readonly takeNotifications: TakeNotifications;
  readonly scheduledRuns: ScheduledRuns;
  readonly deletion: Deletion;
};

/** One of the two databases: its name and everything that it does differently. */
export type Dialect = {
  readonly name: DialectName;
  readonly bindings: Bindings;
  /** Bindings for queries that read every match, such as counts: the fastest way to find all matches. */
  readonly seeking: Bindings;
  readonly questions: Questions;
  /** Whether texts and JSON may contain a NUL. */
  readonly takesNul: boolean;
};
