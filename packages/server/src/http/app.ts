import type { AsyncLocalStorage } from 'node:async_hooks';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Context } from '../domain/context.ts';
import type { PollRecorder } from '../domain/work-pools/poll-recorder.ts';
import type { EventLoopWatch } from '../event-loop.ts';
import type { ServerSettings } from '../settings.ts';
import { requireApiKey } from './api-key.ts';
import { boundBodyMemory, NoRoomForBodyError } from './body-memory.ts';
import { connectionTimes } from './connection-times.ts';
import { trackConnections } from './connections.ts';
import { addCors } from './cors.ts';
import { errorAnswer, isOversized } from './errors.ts';
import { createFailureLog } from './failure-log.ts';
import { addGracefulClose } from './graceful-close.ts';
import { addMetrics, type HttpMetrics } from './metrics-page.ts';
import { addHeadProbes } from './probes.ts';
import { answerExpectations, oversizedBody, oversizedDetail, refuseBody } from './refused-body.ts';
import { settleMediaType } from './request-body.ts';
import { addRequestLog, addRequestScope, requestIds, watchRequests } from './request-log.ts';
import { createPathReader } from './request-path.ts';
import { addRoutes } from './routes/index.ts';
import { sendAnswer } from './send-answer.ts';
import { servedOperations } from './served-operations.ts';
import { addSite } from './site/index.ts';
import { closeStalledConnections } from './stalled-connections.ts';
import { guardCallers, isAllowedOrigin, mayRead } from './trust.ts';
import { addUnmatched } from './unmatched.ts';

/** The parts that the composition root passes to the application. */
export type AppOptions = {
  context: Context;
  /** Records polls; those that were answered are recorded before the application is closed. */
  polls: PollRecorder;
  log: FastifyBaseLogger;
  /** The largest body that is read, in bytes. */
  bodyLimit: number;
  metrics: HttpMetrics;
  /** Receives each request, so that it can name those that block the event loop. */
  eventLoop?: Pick<EventLoopWatch, 'begin'>;
  /** Is aborted when the application closes, so that further listeners close too. */
  listening?: AbortController;
  /**
   * Holds the id of the current request, for log lines of code that does not know the request; needed if statements are
   * logged.
   */
  requestScope?: AsyncLocalStorage<string>;
};

/** Builds the HTTP application, without listening. The API is below `/api`. */
export async function buildApp({
  context,
  polls,
  log,
  bodyLimit,
  metrics,
  eventLoop,
  listening = new AbortController(),
  requestScope,
}: AppOptions): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: log,
    bodyLimit,
    exposeHeadRoutes: false,
    rewriteUrl: createPathReader(context.settings.basePath),
    return503OnClosing: false,
    ...connectionTimes(context.settings),
    genReqId: requestIds(context.random),
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    routerOptions: { maxParamLength: 100_000 },
  });
  app.addHook('onRequest', async ({ headers }) => settleMediaType(headers));
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  answerExpectations(app, bodyLimit);
  const logFailure = createFailureLog(() => performance.now());
  app.setErrorHandler((error, request, reply) => {
    if (isOversized(error)) {
      const body = oversizedBody(request, bodyLimit);
      logFailure(request, { level: 'warn', reason: 'the body is too large', fields: body });
      const isWithheld = request.headers.expect !== undefined && typeof body.bytes === 'number';
      return refuseBody(request, reply, { status: 413, detail: oversizedDetail(body), isWithheld });
    }
    const { status, body, failure, retryAfter } = errorAnswer(error);
    if (failure !== undefined) logFailure(request, failure);
    if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
    if (error instanceof NoRoomForBodyError) {
      return refuseBody(request, reply, { status: 503, detail: error.message, isWithheld: false });
    }
    return sendAnswer(reply, { status, value: body });
  });
  addRequestLog(app);
  if (eventLoop !== undefined) watchRequests(app, eventLoop);
  if (requestScope !== undefined && context.settings.database.echo) addRequestScope(app, requestScope);
  const connections = trackConnections(app.server);
  addGracefulClose(app, connections, listening);
  closeStalledConnections(app, connections, context.settings.timeouts);
  addAccess(app, context.settings);
  boundBodyMemory(app, context.settings.bodyMemory);
  addUnmatched(app);
  addHeadProbes(app);
  addMetrics(app, context, metrics);
  const table = servedOperations(context.settings);
  addSite(app, context.settings, table);
  await app.register(async (api) => addRoutes(api, { context, polls }, table, listening.signal), {
    prefix: '/api',
  });
  return app;
}

/** Restricts access to the API: with a key, to requests that send it; without a key, pages of other origins are excluded. */
function addAccess(app: FastifyInstance, { apiKey, callers }: ServerSettings): void {
  if (apiKey === null) {
    addCors(app, ({ headers }) => mayRead(headers, callers));
    guardCallers(app, callers);
    return;
  }
  const { origins } = callers;
  if (origins.length > 0) addCors(app, ({ headers }) => isAllowedOrigin(headers.origin ?? '', origins));
  requireApiKey(app, apiKey);
}
