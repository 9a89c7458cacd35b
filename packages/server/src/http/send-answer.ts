import type { FastifyReply } from 'fastify';
import type { SentAnswer } from './handler.ts';

/** Answers with JSON, labelled exactly as the reference labels it. */
export function sendAnswer(reply: FastifyReply, answer: SentAnswer): FastifyReply {
  reply.code(answer.status);
  if (answer.value === undefined) return reply.send();
  return reply.header('content-type', 'application/json').send(Buffer.from(JSON.stringify(answer.value)));
}

/** Calls `whenLost` if the connection closes before the operating system takes the answer. Its failure is logged. */
export function watchAnswer(reply: FastifyReply, whenLost: () => Promise<void>): void {
  const { request, raw } = reply;
  let handedOver = false;
  const look = () => {
    if (handedOver) return;
    whenLost().catch((error: unknown) => {
      request.log.error({ err: error, url: request.url }, 'could not remember that an answer was lost');
    });
  };
  raw.once('finish', () => {
    handedOver = true;
  });
  if (raw.destroyed) look();
  else raw.once('close', look);
}
