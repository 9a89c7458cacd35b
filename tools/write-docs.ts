import { writeFileSync } from 'node:fs';
import { readCoverage } from '../packages/server/test/support/coverage.ts';
import { apiPage } from './docs/api-page.ts';
import { publishedApi } from './docs/published.ts';
import { settingsPage } from './docs/settings-page.ts';

/** Writes the pages of docs/ that are made from the sources. */
writeFileSync('docs/settings.md', settingsPage());
writeFileSync('docs/api.md', apiPage(await publishedApi(), readCoverage()));
