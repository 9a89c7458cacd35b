import { Transform } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { TemporarilyUnavailableError } from '../domain/errors.ts';

/** The minimum size of a body that counts: there are never enough small ones to matter. */
const countedBytes = 1024 * 1024;
/** The delay after which a refused client should retry, in seconds. */
const retryAfter = 2;

/** The bodies of other requests use all memory that is allowed for bodies. */
export class NoRoomForBodyError extends TemporarilyUnavailableError {
  constructor() {
    super(
      'The server is handling too many large requests at the moment (MINTAKA_API_BODY_MEMORY).',
      retryAfter,
    );
    this.name = 'NoRoomForBodyError';
  }
}

/**
 * Limits the memory of all bodies together, while they arrive and are handled. If a body does not fit, its request is refused
 * with 503 and the client retries. A single body always fits.
 * @param limit in bytes.
 */
export function boundBodyMemory(app: FastifyInstance, limit: number): void {
  let taken = 0;
  const take = (bytes: number) => {
    if (taken > 0 && taken + bytes > limit) throw new NoRoomForBodyError();
    taken += bytes;
  };
  app.addHook('preParsing', async (request, reply, payload) => {
    const announced = Number(request.headers['content-length'] ?? Number.NaN);
    if (announced < countedBytes) return payload;
    let own = 0;
    const grow = (bytes: number) => {
      take(bytes);
      own += bytes;
    };
    reply.raw.once('close', () => {
      taken -= own;
    });
    if (Number.isInteger(announced)) {
      grow(announced);
      return payload;
    }
    return payload.pipe(counting(grow));
  });
}

/** Forwards a body of unknown length; calls `grow` for each additional megabyte. */
function counting(grow: (bytes: number) => void): Transform {
  let counted = 0;
  let passed = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      passed += chunk.length;
      try {
        if (passed > counted + countedBytes) {
          grow(passed - counted);
          counted = passed;
        }
        done(null, chunk);
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    },
  });
}
