import { writeFileSync } from 'node:fs';
import { settingsPage } from './docs/settings-page.ts';

/** Writes the pages of docs/ that are made from the sources. */
writeFileSync('docs/settings.md', settingsPage());
