// Writes reference-schema-<dialect>.json from a fresh database that Prefect 2.8.0 itself has made:
//   prefect orion database upgrade --yes     (with PREFECT_ORION_DATABASE_CONNECTION_URL set to an empty database)
//   npx node packages/server/test/database/dump-reference-schema.ts THE_SAME_URL
import { writeFile } from 'node:fs/promises';
import { openTestDatabase } from '@mintaka/testing/open';
import { parseDatabaseUrl } from '../../src/database/url.ts';
import { introspect } from './introspect.ts';

const about =
  'What a fresh database of Prefect 2.8.0 looks like, as introspect.ts describes it. Made by dump-reference-schema.ts, whose head says how.';

const url = process.argv[2] ?? '';
const { dialect } = parseDatabaseUrl(url);
const database = await openTestDatabase(url);
const schema = await database.administer((connection) => introspect(connection, dialect));
await database.close();

const file = new URL(`reference-schema-${dialect}.json`, import.meta.url);
await writeFile(file, `${JSON.stringify({ about, ...schema }, undefined, 2)}\n`);
