import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** The maximum number of bytes of a refused body that are read and dropped. */
const drainLimitBytes = 1024 ** 3;
/** How long a refused body is read and dropped, in milliseconds. */
const drainLimitMilliseconds = 30_000;

/**
 * Lets clients that send `Expect: 100-continue` send their body only if it is within the limit. Others get their refusal
 * immediately, and the connection is closed, because it is unknown whether they send the body anyway.
 */
export function answerExpectations(app: FastifyInstance, bodyLimit: number): void {
  app.server.on('checkContinue', (request, response) => {
    if (announcedBytes(request.headers) > bodyLimit) response.setHeader('connection', 'close');
    else response.writeContinue();
    app.server.emit('request', request, response);
  });
}

/** Facts about a body that is too large. */
export type OversizedBody = {
  /** Its length, if the client announced it. */
  bytes: number | string;
  limit: number;
  /** The setting that changes the limit. */
  setting: string;
};

/** Describes the body of a request that is larger than the limit. */
export function oversizedBody({ headers }: FastifyRequest, limit: number): OversizedBody {
  const announced = announcedBytes(headers);
  const bytes = announced > limit ? announced : `more than ${limit}`;
  return { bytes, limit, setting: 'MINTAKA_API_BODY_LIMIT' };
}

/** Why a body that is too large is refused. */
export function oversizedDetail({ bytes, limit, setting }: OversizedBody): string {
  return `The request body has ${bytes} bytes; this server takes at most ${limit} (${setting}).`;
}

/**
 * Refuses a request before its body was read, so that a client that is still sending receives the answer: the whole answer is
 * sent immediately, and the rest of the body is read and dropped, up to a limit. If the connection were closed before that,
 * it would be reset, and most clients would not read the answer.
 * @param isWithheld whether the client waits for a permission to send its body, and does not get it.
 */
export function refuseBody(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, detail, isWithheld }: { status: 413 | 503; detail: string; isWithheld: boolean },
): FastifyReply {
  const body = Buffer.from(JSON.stringify({ detail }));
  return reply
    .code(status)
    .header('connection', 'close')
    .header('content-type', 'application/json')
    .header('content-length', body.length)
    .send(Readable.from(answerAndDrain(body, request, isWithheld), { objectMode: false }));
}

/** Sends the answer immediately, and ends when the client has sent its body or has exhausted the limit. */
async function* answerAndDrain(
  answer: Buffer,
  request: FastifyRequest,
  isWithheld: boolean,
): AsyncGenerator<Buffer> {
  yield answer;
  if (!isWithheld) await drain(request);
}

function drain({ raw }: FastifyRequest): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let bytes = 0;
  const timer = setTimeout(resolve, drainLimitMilliseconds);
  raw.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > drainLimitBytes) resolve();
  });
  raw.once('end', resolve);
  raw.once('close', resolve);
  raw.resume();
  return promise.finally(() => clearTimeout(timer));
}

/** The length of the body that the client announces, in bytes; NaN if it sends the body in chunks. */
function announcedBytes(headers: { 'content-length'?: string | undefined }): number {
  return Number(headers['content-length']);
}
