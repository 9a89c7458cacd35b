import { CLIENT_SETTINGS } from '../../packages/server/src/settings/client-settings.ts';
import { namesOf } from '../../packages/server/src/settings/names.ts';
import { OWN_SETTINGS, SERVER_SETTINGS } from '../../packages/server/src/settings/server-settings.ts';
import type { Setting } from '../../packages/server/src/settings/setting.ts';

/** The text of docs/settings.md, made from the table of settings. */
export function settingsPage(): string {
  const acted = [...Object.values(SERVER_SETTINGS), ...Object.values(OWN_SETTINGS)];
  return `# Settings

This page is made by \`npm run docs\` from \`packages/server/src/settings/\`.

The server reads its settings once, when it starts. A value in the environment goes before one in the active profile, and
that before the default. Each setting may be given under any of its names; where several are given, the first in the list
counts. Capitals do not matter in the environment. A name that begins with \`MINTAKA_\` and is none gets a warning; a value
that cannot be ends the start with one line that names the setting and the rule.

The profiles are in a TOML file, \`profiles.toml\` in the home folder, in the format of Prefect's own:

\`\`\`toml
active = "production"

[profiles.production]
PREFECT_ORION_API_HOST = "0.0.0.0"
MINTAKA_DATABASE_CONNECTION_URL = "postgresql://mintaka:\${PREFECT_ORION_DATABASE_PASSWORD}@db/mintaka"
\`\`\`

\`MINTAKA_PROFILE\` or \`PREFECT_PROFILE\` chooses another profile than the active one.

Paths, the connection URL and the URL for the pages may name other settings: \`\${PREFECT_HOME}\`,
\`\${PREFECT_ORION_DATABASE_PASSWORD}\`, \`\${PREFECT_ORION_API_HOST}\`, \`\${PREFECT_ORION_API_PORT}\` and \`\${PREFECT_API_URL}\`.
\`$$\` is a dollar sign.

## What the server acts on

${acted.map(section).join('\n')}
## What only clients act on

These are read and shown in \`GET /api/admin/settings\`, as the reference shows them, and decide nothing here.

${Object.values(CLIENT_SETTINGS)
  .map((setting) => `- \`${setting.name}\` (${defaultOf(setting)})`)
  .join('\n')}
`;
}

function section(setting: Setting): string {
  const names = namesOf(setting).map((name) => `\`${name}\``);
  const facts = [
    `must be ${setting.kind.rule}`,
    defaultOf(setting),
    ...(setting.secret ? ['never shown'] : []),
  ];
  return `### ${setting.name}

${setting.description}
${names.length > 1 ? `\nNames: ${names.join(', ')}\n` : ''}
${facts.join('; ')}
`;
}

function defaultOf({ fallback }: Setting): string {
  if (fallback === null) return 'no default';
  return String(fallback) === '' ? 'default: empty' : `default: \`${fallback}\``;
}
