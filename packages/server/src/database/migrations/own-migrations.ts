import { answeredRequests } from './answered-requests.ts';
import { blockIndexes } from './block-indexes.ts';
import { cancellingIndexes } from './cancelling-indexes.ts';
import { changes } from './changes.ts';
import { claims } from './claims.ts';
import { deletions } from './deletions.ts';
import { dispatchIndexes } from './dispatch-indexes.ts';
import { formerSecrets } from './former-secrets.ts';
import { listIndexes } from './list-indexes.ts';
import { lostAnswers } from './lost-answers.ts';
import { operationLists } from './operation-lists.ts';
import type { OwnMigration } from './own-migration.ts';
import { probes } from './probes.ts';
import { tagIndexes } from './tag-indexes.ts';
import { upkeepIndexes } from './upkeep-indexes.ts';
import { waitingRetries } from './waiting-retries.ts';

/** All migrations, in order. */
export const ownMigrations: readonly OwnMigration[] = [
  dispatchIndexes,
  answeredRequests,
  listIndexes,
  upkeepIndexes,
  blockIndexes,
  tagIndexes,
  deletions,
  cancellingIndexes,
  waitingRetries,
  probes,
  formerSecrets,
  lostAnswers,
  changes,
  claims,
  operationLists,
];
