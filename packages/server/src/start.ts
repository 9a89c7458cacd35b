import { AsyncLocalStorage } from 'node:async_hooks';
import { serverUrl } from '@mintaka/settings';
import type { Logger } from 'pino';
import { type Clock, systemClock } from './clock.ts';
import type { Database } from './database/database.ts';
import { withEcho } from './database/echo.ts';
import { openDatabase, prepareSchema } from './database/open.ts';
import { watchOutages } from './database/outages.ts';
import { registerCatalog } from './domain/blocks/registration.ts';
import type { Context } from './domain/context.ts';
import { createContext } from './domain/create-context.ts';
import { createPollRecorder } from './domain/work-pools/poll-recorder.ts';
import { createEventLoopWatch, type EventLoopWatch } from './event-loop.ts';
import { buildApp } from './http/app.ts';
import { listeningPort, listenOn } from './http/listen.ts';
import { createProcessMetrics, type Metrics } from './metrics.ts';
import { outageReport, reportLostConnections } from './outage-log.ts';
import { type Random, systemRandom } from './random.ts';
import { createServerLog } from './server-log.ts';
import { buildServices } from './services/index.ts';
import { systemTimer } from './services/loop.ts';
import type { ServerSettings } from './settings.ts';

/** A server that answers. */
export type RunningServer = {
  /** Its URL, without a trailing slash. */
  url: string;
  /** Stops accepting requests, finishes those that were accepted, stops the loops and closes the database. */
  stop(): Promise<void>;
};

/** The server cannot listen on its address; the message is one line for an operator. */
export class CannotListenError extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'CannotListenError';
  }
}

/** The parts that the calling program passes to a server. */
export type StartOptions = {
  /** The time of runs, states and schedules; the machine's clock by default. */
  readonly clock?: Clock;
  /** The source of ids and jitter; the machine's randomness by default. */
  readonly random?: Random;
  /** The log; {@link createServerLog} by default. */
  readonly log?: Logger;
};

/**
 * Starts a server in this process and returns once it listens. It handles no signals and never exits the process; call `stop`
 * to end it. A process can have several servers.
 * @throws DatabaseUnavailableError, CannotListenError
 */
export async function startServer(
  settings: ServerSettings,
  { clock = systemClock, random = systemRandom, log = createServerLog(settings) }: StartOptions = {},
): Promise<RunningServer> {
  const metrics = createProcessMetrics();
  const requestScope = new AsyncLocalStorage<string>();
  const database = await openAsAsked(settings, log, metrics, requestScope);
  const context = createContext({ database, settings, clock, random, timer: systemTimer, observer: metrics });
  const polls = createPollRecorder(context, (error, requestIds) =>
    log.warn({ err: error, requestIds }, 'could not record a poll'),
  );
  if (settings.blocksRegisterOnStart) await registerBlocks(context, log);
  const listening = new AbortController();
  const { bodyLimit } = settings;
  const eventLoop = watchEventLoop(log, metrics);
  const app = await buildApp({ context, polls, log, bodyLimit, metrics, eventLoop, listening, requestScope });
  const services = buildServices(context, log, {
    roundBegan: (loop) => eventLoop.begin({ name: `loop ${loop}` }),
    roundEnded: metrics.roundEnded,
  });
  const stop = async () => {
    // Requests that wait for a deletion are answered before it is finished; the next start continues it.
    context.deletions.stop();
    eventLoop.stop();
    await Promise.all([app.close(), ...services.map((service) => service.stop())]);
    await context.schemaChecks.close();
    await database.close();
  };
  try {
    await listenOn(app, settings, listening.signal);
  } catch (error) {
    await stop();
    const reason = error instanceof Error ? error.message : String(error);
    throw new CannotListenError(`cannot listen on ${settings.host}:${settings.port}: ${reason}`, error);
  }
  for (const service of services) service.start();
  return {
    url: serverUrl({ ...settings, port: listeningPort(app) ?? settings.port }),
    stop,
  };
}

/** The interval of the event loop measurement, in milliseconds. */
const lookInterval = 20;

function watchEventLoop(log: Logger, metrics: Metrics): EventLoopWatch & { stop(): void } {
  const watch = createEventLoopWatch({
    log,
    interval: lookInterval,
    now: monotonic,
    processorTime: () => {
      const { user, system } = process.threadCpuUsage();
      return (user + system) / 1000;
    },
    observe: metrics.eventLoopDelayed,
  });
  const timer = setInterval(watch.look, lookInterval).unref();
  return { ...watch, stop: () => clearInterval(timer) };
}

/** Without the block types the server is still of use. */
async function registerBlocks(context: Context, log: Logger): Promise<void> {
  try {
    await registerCatalog(context);
  } catch (error) {
    log.warn({ err: error }, 'could not register the block types');
  }
}

async function openAsAsked(
  settings: ServerSettings,
  log: Logger,
  metrics: Metrics,
  requestScope: AsyncLocalStorage<string>,
): Promise<Database> {
  const opened = await openDatabase({
    url: settings.databaseUrl,
    ...settings.database,
    monotonic,
    onCommit: metrics.committed,
    onConnectionLost: reportLostConnections(log, monotonic),
  });
  const { migrateOnStart, foreignTables } = settings.database;
  await prepareSchema(opened, migrateOnStart, foreignTables);
  const database = watchOutages(opened, { report: outageReport(log), monotonic });
  if (!settings.database.echo) return database;
  // If statements are to be logged, they are logged at any log level.
  const statements = log.child({}, { level: 'info' });
  return withEcho(database, () => {
    const requestId = requestScope.getStore();
    const about = requestId === undefined ? {} : { requestId };
    return (sql) => statements.info({ ...about, sql }, 'statement');
  });
}

const monotonic = () => performance.now();
