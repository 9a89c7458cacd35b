import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { encodeJson } from '@mintaka/contract';
import type { Encode } from '@mintaka/contract/wire';
import type { FastifyReply } from 'fastify';
import { type Batches, isBatches } from '../domain/batches.ts';
import type { SentAnswer } from './handler.ts';

/** The length from which an answer is sent in chunks instead of as a whole, and the length of a chunk, in characters. */
const chunkLength = 256 * 1024;

/** The encoders of an answer: for the whole value, and for each item if it is a list. */
export type AnswerEncoders = { readonly whole: Encode; readonly item: Encode };

const anyJson: AnswerEncoders = { whole: encodeJson, item: encodeJson };

/**
 * Sends a JSON answer with exactly the reference's content type. A list in batches is written batch by batch, as fast as the
 * client reads it, so that memory holds only one batch.
 */
export async function sendAnswer(
  reply: FastifyReply,
  { status, value, text }: SentAnswer,
  { whole, item }: AnswerEncoders = anyJson,
): Promise<FastifyReply> {
  reply.code(status);
  if (value === undefined && text === undefined) return reply.send();
  const body = isBatches(value) ? await listBody(value, item) : Buffer.from(text ?? whole(value));
  return reply.header('content-type', 'application/json').send(body);
}

/**
 * A short list is sent at once, a long one as a stream. An error in its first chunk is thrown, so that it can be answered.
 */
async function listBody(batches: Batches<unknown>, encode: Encode): Promise<Buffer | Readable> {
  const chunks = listChunks(batches, encode);
  const { value: first = '[]' } = await chunks.next();
  // Only the last chunk is shorter.
  if (first.length < chunkLength) return Buffer.from(first);
  return Readable.from(encodeChunks(first, chunks), { objectMode: false });
}

/** The text of a list in chunks of at least {@link chunkLength}, except the last one. */
async function* listChunks(batches: Batches<unknown>, encode: Encode): AsyncGenerator<string, void> {
  let text = '[';
  let isFirst = true;
  for await (const batch of batches) {
    for (const item of batch) {
      text += isFirst ? encode(item) : `,${encode(item)}`;
      isFirst = false;
      if (text.length < chunkLength) continue;
      yield text;
      text = '';
    }
  }
  yield `${text}]`;
}

async function* encodeChunks(first: string, rest: AsyncGenerator<string, void>): AsyncGenerator<Buffer> {
  yield Buffer.from(first);
  for await (const text of rest) {
    // A client that reads as fast as the server writes would otherwise occupy the event loop.
    await nextTurn();
    yield Buffer.from(text);
  }
}
