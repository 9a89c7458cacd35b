import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isBatches } from '../domain/batches.ts';
import type { Context } from '../domain/context.ts';
import { TemporaryDatabaseError } from '../domain/errors.ts';
import type { KeptAnswer } from '../domain/lost-answers.ts';
import type { SentAnswer } from './handler.ts';
import { loggedUrl } from './request-log.ts';
import type { AnswerEncoders } from './send-answer.ts';

/** The maximum length of an answer that is kept, in characters. */
const longestAnswer = 1024 * 1024;
/** How long a request waits for an equal one whose client has disconnected, in milliseconds. */
const recallPatience = 20_000;

/** The headers that distinguish requests, in addition to method, path, query and body. */
const tellingHeaders = [
  'authorization',
  'content-type',
  'idempotency-key',
  'user-agent',
  'x-prefect-api-version',
];

/** A request whose answer may be lost. */
export type RecalledRequest = {
  readonly reply: FastifyReply;
  /** A hash of the request's path, query and body. */
  readonly fingerprint: () => string;
};

/** How the lost answers of an operation are handled. */
export type Recall = {
  /** Whether they are kept; if not, an equal request only waits for the first one to end. */
  readonly keeps: boolean;
  readonly encoders: ReadonlyMap<number, AnswerEncoders>;
};

/**
 * Executes a request, unless an equal one was executed before and its client did not receive the answer: then this request
 * gets that answer. If this client does not receive its answer either, it is kept for the next request.
 * @throws TemporaryDatabaseError if it is not known in time whether the work is committed; that answer is kept too.
 */
export function answerOnce(
  { database, lostAnswers }: Context,
  { keeps, encoders }: Recall,
  { reply, fingerprint }: RecalledRequest,
  work: () => Promise<SentAnswer>,
): Promise<SentAnswer> {
  const { request } = reply;
  // A closed socket has no address, so read it now.
  const address = addressOf(request);
  return new Promise((resolve, reject) => {
    let isAbandoned = false;
    const abandon = () => {
      if (isAbandoned) return;
      isAbandoned = true;
      const kept = working.then(
        (answer) => keepable(answer),
        () => undefined,
      );
      lostAnswers.keep(keyOf(request, address, fingerprint), kept, (err) => {
        request.log.warn({ err, url: loggedUrl(request) }, 'could not store a lost answer');
      });
    };
    let isAnswered = false;
    const giveUp = () => {
      // Work that continues after the answer has no client.
      if (isAnswered) return;
      abandon();
      reject(new TemporaryDatabaseError('connection lost'));
    };
    const working = database.tellDoubt(async () => {
      if (lostAnswers.isEmpty()) return work();
      return (await recall(giveUp)) ?? work();
    }, giveUp);
    working.then(resolve, reject).finally(() => {
      isAnswered = true;
    });
    watchLoss(reply.raw, abandon);
  });

  async function recall(giveUp: () => void): Promise<SentAnswer | undefined> {
    const timeout = setTimeout(giveUp, recallPatience);
    try {
      const answer = await lostAnswers.take(keyOf(request, address, fingerprint));
      if (answer === undefined) return undefined;
      const { status, body } = answer;
      return body === null ? { status } : { status, text: body };
    } finally {
      clearTimeout(timeout);
    }
  }

  async function keepable({ status, value, text, whenLost }: SentAnswer): Promise<KeptAnswer | undefined> {
    await whenLost?.();
    if (!keeps || isBatches(value)) return undefined;
    const body = value === undefined ? (text ?? null) : encoders.get(status)?.whole(value);
    if (body === undefined || (body !== null && body.length > longestAnswer)) return undefined;
    return { status, body };
  }
}

/** Calls `abandon` if the connection closes before the operating system accepts the answer. */
export function watchLoss(response: ServerResponse, abandon: () => void): void {
  if (response.destroyed) {
    abandon();
    return;
  }
  let handedOver = false;
  response.once('finish', () => {
    handedOver = true;
  });
  response.once('close', () => {
    if (!handedOver) abandon();
  });
}

function addressOf({ headers, ip }: FastifyRequest): string {
  const forwarded = headers['x-forwarded-for'];
  return typeof forwarded === 'string' ? (forwarded.split(',', 1)[0] ?? ip) : ip;
}

function keyOf({ method, headers }: FastifyRequest, address: string, fingerprint: () => string): string {
  const told = tellingHeaders.map((name) => headers[name] ?? null);
  return createHash('sha256')
    .update(JSON.stringify([method, address, told, fingerprint()]))
    .digest('base64');
}
