import { writeFileSync } from 'node:fs';
import { readCoverage } from '@mintaka/testing/coverage';
import { apiPage } from './docs/api-page.ts';
import { decisionsPage } from './docs/decisions-page.ts';
import { limitsPage } from './docs/limits-page.ts';
import { publishedApi } from './docs/published.ts';
import { settingsPage } from './docs/settings-page.ts';

/** Writes the generated pages of docs/. */
writeFileSync('docs/adr/README.md', decisionsPage('.'));
writeFileSync('docs/limits.md', limitsPage());
writeFileSync('docs/settings.md', settingsPage());
writeFileSync('docs/api.md', apiPage(await publishedApi(), readCoverage()));
