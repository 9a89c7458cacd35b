import { writeFileSync } from 'node:fs';
import { createDatabase } from '@mintaka/testing/databases';
import { startOurs } from '@mintaka/testing/ours';
import { installReference } from '@mintaka/testing/reference';
import { errorsPage } from './page.ts';
import { compareErrors } from './run.ts';

/** Writes docs/errors.md from the current answers of both servers. */
const databases = await Promise.all([createDatabase('sqlite', 'errors'), createDatabase('sqlite', 'errors')]);
const [reference, ours] = await Promise.all([
  installReference().start({ database: databases[0] }),
  startOurs({ database: databases[1] }),
]);
try {
  const { outcomes, unexplained } = await compareErrors(reference, ours);
  writeFileSync(new URL('../../docs/errors.md', import.meta.url), errorsPage(outcomes));
  process.stdout.write(`${outcomes.length} requests, ${unexplained.length} unexplained differences\n`);
} finally {
  await Promise.all([reference.stop(), ours.stop()]);
  await Promise.all(databases.map((database) => database.drop()));
}
