import type { Setting } from '@mintaka/settings';
import { CLIENT_SETTINGS, namesOf, OWN_SETTINGS, SERVER_SETTINGS } from '@mintaka/settings';

type Key = keyof typeof SERVER_SETTINGS | keyof typeof OWN_SETTINGS;

/** The topics of the page, in its order. */
const topics = [
  'Address and pages',
  'Access',
  'Database',
  'Files',
  'Logs',
  'Requests and connections',
  'Scheduler',
  'Other background loops',
  'Blocks',
] as const;

/** The topic of each setting; a topic lists its settings in this order. Add new settings here. */
const topicOf: Readonly<Record<Key, (typeof topics)[number]>> = {
  apiHost: 'Address and pages',
  apiPort: 'Address and pages',
  basePath: 'Address and pages',
  apiUrl: 'Address and pages',
  uiUrl: 'Address and pages',
  uiApiUrl: 'Address and pages',
  uiEnabled: 'Address and pages',
  experimentalEnableWorkPools: 'Address and pages',
  experimentalEnableWorkers: 'Address and pages',
  apiKey: 'Access',
  allowedHosts: 'Access',
  allowedOrigins: 'Access',
  adminDatabaseRoutes: 'Access',
  databaseUrl: 'Database',
  databasePassword: 'Database',
  databaseMigrateOnStart: 'Database',
  databasePoolSize: 'Database',
  databaseTimeout: 'Database',
  databaseConnectionTimeout: 'Database',
  databaseLockTimeout: 'Database',
  databaseAllowForeignTables: 'Database',
  databaseEcho: 'Database',
  home: 'Files',
  profilesPath: 'Files',
  loggingServerLevel: 'Logs',
  pageLimit: 'Requests and connections',
  bodyLimit: 'Requests and connections',
  bodyMemory: 'Requests and connections',
  bodyDepth: 'Requests and connections',
  bodyValues: 'Requests and connections',
  httpHeadersTimeout: 'Requests and connections',
  httpRequestTimeout: 'Requests and connections',
  httpStallTimeout: 'Requests and connections',
  httpTimeoutCheckInterval: 'Requests and connections',
  apiKeepaliveTimeout: 'Requests and connections',
  taskCacheKeyMaxLength: 'Requests and connections',
  schedulerEnabled: 'Scheduler',
  schedulerLoopSeconds: 'Scheduler',
  recentSchedulerLoopSeconds: 'Scheduler',
  schedulerMinRuns: 'Scheduler',
  schedulerMaxRuns: 'Scheduler',
  schedulerMinScheduledTime: 'Scheduler',
  schedulerMaxScheduledTime: 'Scheduler',
  schedulerDeploymentBatchSize: 'Scheduler',
  schedulerInsertBatchSize: 'Scheduler',
  lateRunsEnabled: 'Other background loops',
  lateRunsLoopSeconds: 'Other background loops',
  lateRunsAfterSeconds: 'Other background loops',
  lateRunsBatchSize: 'Other background loops',
  pauseExpirationsEnabled: 'Other background loops',
  pauseExpirationsLoopSeconds: 'Other background loops',
  pauseExpirationsBatchSize: 'Other background loops',
  cancellationCleanupEnabled: 'Other background loops',
  cancellationCleanupLoopSeconds: 'Other background loops',
  cancellationCleanupBatchSize: 'Other background loops',
  answerCleanupLoopSeconds: 'Other background loops',
  answerCleanupBatchSize: 'Other background loops',
  flowRunNotificationsEnabled: 'Other background loops',
  flowRunNotificationsLoopSeconds: 'Other background loops',
  blocksRegisterOnStart: 'Blocks',
  encryptionKey: 'Blocks',
};

/** Renders docs/settings.md from the registry of settings. */
export function settingsPage(): string {
  return `# Settings

\`npm run docs\` generates this page from \`packages/settings/src/registry/\`.

The server reads its settings once, when it starts. In order of precedence they come from the options of \`mintaka-server\`, the
environment, the active profile, and the defaults. A setting can be given under any of its names; if several are set, the first in its
list wins. Names in the environment are case-insensitive. An unknown name that begins with \`MINTAKA_\` causes a warning. If a value is
invalid, the server exits with one line that names the setting and the rule.

Profiles are stored in \`profiles.toml\` in the home folder, in the same format as Prefect's:

\`\`\`toml
active = "production"

[profiles.production]
PREFECT_ORION_API_HOST = "0.0.0.0"
MINTAKA_DATABASE_CONNECTION_URL = "postgresql://mintaka:\${PREFECT_ORION_DATABASE_PASSWORD}@db/mintaka"
\`\`\`

\`MINTAKA_PROFILE\` or \`PREFECT_PROFILE\` selects a profile other than the active one.

Paths, the connection URL and the URL of the API for the pages can refer to other settings: \`\${PREFECT_HOME}\`,
\`\${PREFECT_ORION_DATABASE_PASSWORD}\`, \`\${PREFECT_ORION_API_HOST}\`, \`\${PREFECT_ORION_API_PORT}\` and \`\${PREFECT_API_URL}\`.
Write \`$$\` for a literal dollar sign.

${topics.map((topic) => `- [${topic}](#${topic.toLowerCase().replaceAll(' ', '-')})`).join('\n')}
- [Settings of clients](#settings-of-clients)

${topics.map(chapter).join('\n')}
## Settings of clients

The server reads these only to show them in \`GET /api/admin/settings\`, as Prefect's server does. They have no effect on it.

${Object.values(CLIENT_SETTINGS)
  .map((setting) => `- \`${setting.name}\` (${defaultOf(setting)})`)
  .join('\n')}
`;
}

function chapter(topic: (typeof topics)[number]): string {
  const settings = new Map<string, Setting>(Object.entries({ ...SERVER_SETTINGS, ...OWN_SETTINGS }));
  const sections = Object.entries(topicOf).flatMap(([key, its]) => {
    const setting = settings.get(key);
    return its === topic && setting !== undefined ? [section(setting)] : [];
  });
  return `## ${topic}\n\n${sections.join('\n')}`;
}

function section(setting: Setting): string {
  const names = namesOf(setting).map((name) => `\`${name}\``);
  const facts = [
    `must be ${setting.kind.rule}`,
    defaultOf(setting),
    ...(setting.secret ? ['secret: never shown'] : []),
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
