import type { JsonObject, JsonValue } from '@mintaka/contract';
import type { JsonSchema } from '@mintaka/contract/wire';
import {
  bareHost,
  CLIENT_SETTINGS,
  type Environment,
  hostOfUrl,
  isWebUrl,
  type LogLevel,
  listensLocally,
  OWN_SETTINGS,
  originOfUrl,
  pagesUrl,
  readValues,
  SERVER_SETTINGS,
  type Setting,
  SettingsError,
  type Source,
  type Values,
  webUrl,
  withoutLastSlash,
} from '@mintaka/settings';

/** The configuration of a server; read once at start, then passed down. Durations in seconds. */
export type ServerSettings = {
  /** The folder for the server's files. */
  home: string;
  /** The host name or address to listen on, without brackets. */
  host: string;
  port: number;
  /** The path below which the server is reached, with a leading slash and no trailing one; empty for the root. */
  basePath: string;
  keepAliveTimeout: number;
  /** Timeouts of clients, 0 for none. */
  timeouts: ClientTimeouts;
  /** The maximum number of items on a page of a list. */
  pageLimit: number;
  /** The largest request body, in bytes. */
  bodyLimit: number;
  /** The maximum nesting depth of a JSON body, and the maximum number of its values. */
  bodyLimits: { depth: number; values: number };
  /** The maximum memory for the bodies of all requests being handled, in bytes. */
  bodyMemory: number;
  /** The key that every request except the probes must send; null if none is required. */
  apiKey: string | null;
  callers: CallerSettings;
  /** Whether the admin routes may clear, drop and create the database. */
  mayResetDatabase: boolean;
  databaseUrl: string;
  database: DatabaseSettings;
  /** The Fernet key for the secrets of blocks; null if the database stores one. */
  encryptionKey: string | null;
  blocksRegisterOnStart: boolean;
  taskCacheKeyMaxLength: number;
  logLevel: LogLevel;
  ui: UiSettings;
  services: ServicesSettings;
  /** Every setting by its full name as `GET /admin/settings` shows it, secrets masked. */
  shown: JsonObject;
  /** Warnings about the settings, one line each; the server starts anyway. */
  warnings: readonly string[];
};

/** Which clients a server without an API key answers. Hosts have no port and no brackets, origins are `scheme://host:port`; both in lower case. */
export type CallerSettings = {
  /**
   * Hosts that trusted clients use: they may see secrets and administer the server. `*.` matches subdomains, `*` all hosts.
   */
  hosts: readonly string[];
  /** Other hosts of the server: the address that it listens on, and those of the URLs in its settings. */
  ownHosts: readonly string[];
  /** Whether clients may use any IP address as the host: true if the server listens beyond this machine. */
  anyAddress: boolean;
  /** Origins of pages that may use the API, in addition to those of this server and this machine. `*` matches all. */
  origins: readonly string[];
};

/** Timeouts of clients, in seconds, 0 for none. */
export type ClientTimeouts = {
  /** For the head of a request. */
  headers: number;
  /** For a whole request. */
  request: number;
  /** Without any byte in either direction. */
  stall: number;
  /** How often the first two are checked. */
  checkInterval: number;
};

/** How the database is used; times in seconds, 0 for no limit. */
export type DatabaseSettings = {
  echo: boolean;
  migrateOnStart: boolean;
  /** Whether the tables may be created in a database with tables of other programs. */
  foreignTables: boolean;
  timeout: number;
  connectionTimeout: number;
  lockTimeout: number;
  poolSize: number;
};

/** The settings of the pages. */
export type UiSettings = {
  enabled: boolean;
  /** The URL at which the pages reach the API; null for the address on which the server listens. */
  apiUrl: string | null;
  /** The URL of the pages, for links, without a trailing slash; null if it is not set. */
  url: string | null;
  /** The names of the experimental features that are on. */
  experiments: readonly string[];
};

/** The background loops. Times in seconds. */
export type ServicesSettings = {
  scheduler: {
    enabled: boolean;
    loopSeconds: number;
    /** The loop over deployments that have just been changed. */
    recentLoopSeconds: number;
    deploymentBatchSize: number;
    insertBatchSize: number;
    minRuns: number;
    maxRuns: number;
    minScheduledTime: number;
    maxScheduledTime: number;
  };
  lateRuns: { enabled: boolean; loopSeconds: number; afterSeconds: number; batchSize: number };
  pauseExpirations: { enabled: boolean; loopSeconds: number; batchSize: number };
  cancellationCleanup: { enabled: boolean; loopSeconds: number; batchSize: number };
  notifications: { enabled: boolean; loopSeconds: number };
  /** Deletes expired answers. */
  answerCleanup: { loopSeconds: number; batchSize: number };
};

/**
 * Reads the settings. In order of precedence they come from `overrides`, the environment, the active profile, and the
 * defaults.
 * @throws SettingsError with one line about the first invalid value.
 */
export function readSettings(environment: Environment, overrides?: Source): ServerSettings {
  const values = readValues(environment, overrides);
  const warnings = [...values.warnings, ...unusedPassword(values), ...openToOthers(values)];
  return { ...serverSettings(values), shown: shownSettings(values), warnings };
}

const S = { ...SERVER_SETTINGS, ...OWN_SETTINGS };

function serverSettings({ of, filled, path }: Values): Omit<ServerSettings, 'shown' | 'warnings'> {
  return {
    home: path(S.home),
    host: of(S.apiHost),
    port: of(S.apiPort),
    basePath: of(S.basePath),
    keepAliveTimeout: of(S.apiKeepaliveTimeout),
    timeouts: {
      headers: of(S.httpHeadersTimeout),
      request: of(S.httpRequestTimeout),
      stall: of(S.httpStallTimeout),
      checkInterval: of(S.httpTimeoutCheckInterval),
    },
    pageLimit: of(S.pageLimit),
    bodyLimit: of(S.bodyLimit),
    bodyLimits: { depth: of(S.bodyDepth), values: of(S.bodyValues) },
    bodyMemory: of(S.bodyMemory),
    apiKey: of(S.apiKey),
    callers: callerSettings({ of, filled, path }),
    // If not set, only a server that other machines cannot reach allows its database to be cleared.
    mayResetDatabase: of(S.adminDatabaseRoutes) || (of(S.apiKey) === null && listensLocally(of(S.apiHost))),
    databaseUrl: filled(S.databaseUrl),
    database: {
      echo: of(S.databaseEcho),
      migrateOnStart: of(S.databaseMigrateOnStart),
      foreignTables: of(S.databaseAllowForeignTables),
      timeout: of(S.databaseTimeout),
      connectionTimeout: of(S.databaseConnectionTimeout),
      lockTimeout: of(S.databaseLockTimeout),
      poolSize: of(S.databasePoolSize),
    },
    encryptionKey: of(S.encryptionKey),
    blocksRegisterOnStart: of(S.blocksRegisterOnStart),
    taskCacheKeyMaxLength: of(S.taskCacheKeyMaxLength),
    logLevel: of(S.loggingServerLevel),
    ui: uiSettings({ of, filled, path }),
    services: servicesSettings({ of, filled, path }),
  };
}

/** Which clients a server without an API key answers. The pages at the URLs in the settings count as allowed. */
function callerSettings({ of, filled }: Values): CallerSettings {
  const listening = of(S.apiHost);
  const urls = [of(S.apiUrl), of(S.uiUrl), filled(S.uiApiUrl)].filter((url) => url !== null);
  const hosts = [bareHost(listening), ...urls.map(hostOfUrl)].filter((host) => host !== undefined);
  const origins = urls.map(originOfUrl).filter((origin) => origin !== undefined);
  return {
    hosts: of(S.allowedHosts),
    ownHosts: [...new Set(hosts)],
    anyAddress: !listensLocally(listening),
    origins: [...new Set([...of(S.allowedOrigins), ...origins])],
  };
}

function uiSettings({ of, filled, path }: Values): UiSettings {
  const api = of(S.apiUrl);
  const pages = of(S.uiUrl);
  const pagesApi = apiOfPages({ of, filled, path }) || api;
  const experiments = [];
  if (of(S.experimentalEnableWorkPools)) experiments.push('work_pools');
  if (of(S.experimentalEnableWorkers)) experiments.push('workers');
  return {
    enabled: of(S.uiEnabled),
    apiUrl: pagesApi ? withoutLastSlash(pagesApi) : null,
    url: pages ? withoutLastSlash(pages) : api ? pagesUrl(api) : null,
    experiments,
  };
}

/** @throws SettingsError if the URL is not valid, which shows only after the settings that it names are filled in */
function apiOfPages({ filled }: Values): string | null {
  const url = filled(S.uiApiUrl);
  if (!url || url.startsWith('/') || isWebUrl(url)) return url;
  throw new SettingsError(
    `${S.uiApiUrl.name}: "${url}" is not valid; it must be ${webUrl.rule}, or the path of one`,
  );
}

function servicesSettings({ of }: Values): ServicesSettings {
  return {
    scheduler: {
      enabled: of(S.schedulerEnabled),
      loopSeconds: of(S.schedulerLoopSeconds),
      recentLoopSeconds: of(S.recentSchedulerLoopSeconds),
      deploymentBatchSize: of(S.schedulerDeploymentBatchSize),
      insertBatchSize: of(S.schedulerInsertBatchSize),
      minRuns: of(S.schedulerMinRuns),
      maxRuns: of(S.schedulerMaxRuns),
      minScheduledTime: of(S.schedulerMinScheduledTime),
      maxScheduledTime: of(S.schedulerMaxScheduledTime),
    },
    lateRuns: {
      enabled: of(S.lateRunsEnabled),
      loopSeconds: of(S.lateRunsLoopSeconds),
      afterSeconds: of(S.lateRunsAfterSeconds),
      batchSize: of(S.lateRunsBatchSize),
    },
    pauseExpirations: {
      enabled: of(S.pauseExpirationsEnabled),
      loopSeconds: of(S.pauseExpirationsLoopSeconds),
      batchSize: of(S.pauseExpirationsBatchSize),
    },
    cancellationCleanup: {
      enabled: of(S.cancellationCleanupEnabled),
      loopSeconds: of(S.cancellationCleanupLoopSeconds),
      batchSize: of(S.cancellationCleanupBatchSize),
    },
    answerCleanup: {
      loopSeconds: of(S.answerCleanupLoopSeconds),
      batchSize: of(S.answerCleanupBatchSize),
    },
    notifications: {
      enabled: of(S.flowRunNotificationsEnabled),
      loopSeconds: of(S.flowRunNotificationsLoopSeconds),
    },
  };
}

function unusedPassword({ of }: Values): string[] {
  const password = of(S.databasePassword);
  if (!password || of(S.databaseUrl).includes('DATABASE_PASSWORD')) return [];
  return [`${S.databasePassword.name} is set, but the connection URL does not use it; it is ignored`];
}

function openToOthers({ of }: Values): string[] {
  const host = of(S.apiHost);
  if (of(S.apiKey) !== null || listensLocally(host)) return [];
  return [
    `listening on ${host} without an API key: anyone who can reach this address can use the API; set MINTAKA_API_KEY, or listen on 127.0.0.1`,
  ];
}

/** The reference's settings, in its format: unresolved, with references to other settings. */
function shownSettings({ of }: Values): JsonObject {
  const shown: JsonObject = {};
  for (const setting of publicSettings()) {
    shown[setting.name] = setting.secret
      ? '********'
      : shownValue(of(setting), setting.kind.shown === 'float');
  }
  return shown;
}

/** The JSON schema of {@link ServerSettings.shown}. */
export function shownSettingsSchema(): JsonSchema {
  const fields = publicSettings().map(({ name, kind, fallback, secret }): [string, JsonSchema] => [
    name,
    fallback === null && !secret ? { anyOf: [kind.schema, { type: 'null' }] } : kind.schema,
  ]);
  return {
    type: 'object',
    properties: Object.fromEntries(fields),
    required: fields.map(([name]) => name),
    additionalProperties: false,
  };
}

function publicSettings(): Setting[] {
  return [...Object.values(SERVER_SETTINGS), ...Object.values(CLIENT_SETTINGS)];
}

function shownValue(value: unknown, isFloat: boolean): JsonValue {
  switch (typeof value) {
    case 'number':
      return isFloat && Number.isInteger(value) ? JSON.rawJSON(`${value}.0`) : value;
    case 'string':
    case 'boolean':
      return value;
    default:
      return null;
  }
}
