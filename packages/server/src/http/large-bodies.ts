import type { Operation } from '@mintaka/contract';
import type { WireError } from '@mintaka/contract/wire';
import type { FastifyRequest } from 'fastify';
import { RefusedError, TemporarilyUnavailableError } from '../domain/errors.ts';
import { createJobThread, JobFailedError, type JobLimits, JobRefusedError } from '../job-thread.ts';
import { type Packed, unpack } from './body-transport.ts';
import { InvalidRequestError } from './errors.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type ParsedBody, parseBody } from './parsed-body.ts';
import type { BodyRules } from './request-body.ts';

/** From how many bytes on a body is read in a thread: reading a smaller one holds up the event loop for a few milliseconds. */
const largeBytes = 256 * 1024;
/** What reading one body may take. */
const limits: JobLimits = { seconds: 30, mebibytes: 1024, waiting: 100 };

/** Where an operation stands in the table of operations. */
export type OperationPlace = { readonly resource: string; readonly name: string };

/** What the thread is started with. */
export type BodyThreadData = { rules: BodyRules; taskCacheKeyMaxLength: number };

/** A body to be read by the schema of an operation. */
export type BodyJob = OperationPlace & { url: string; contentType: string | undefined; bytes: Uint8Array };

/** A body as the thread read it, or what it throws. */
export type BodyResult =
  | { kind: 'parsed'; body: Packed; fingerprint: string }
  | { kind: 'refused'; status: RefusedError['status']; detail: string }
  | { kind: 'invalid'; problems: Packed; shown: Packed };

/** Reads the bodies of requests. */
export type BodyReader = {
  /**
   * Reads the body of a request by the schema of its operation.
   * @throws InvalidRequestError, RefusedError, TemporarilyUnavailableError
   */
  read(place: OperationPlace, operation: Operation, request: FastifyRequest): Promise<FingerprintedBody>;
  /** Ends the thread. */
  close(): Promise<void>;
};

/** A body with the fingerprint of its request, made when it is first asked for. */
export type FingerprintedBody = ParsedBody & { fingerprint(): string };

/** Reads bodies, large ones in a thread. */
export function createBodyReader(data: BodyThreadData): BodyReader {
  const thread = createJobThread<BodyJob, BodyResult>(
    new URL('./body-thread-entry.js', import.meta.url),
    limits,
    data,
  );
  return {
    read: async (place, operation, { url, headers, body }) => {
      const contentType = headers['content-type'];
      const bytes = body instanceof Buffer && body.length > 0 ? body : undefined;
      if (bytes === undefined || operation.body === undefined || bytes.length < largeBytes) {
        const sent = bytes === undefined ? undefined : { bytes, contentType };
        return { ...parseBody(operation, sent, data.rules), fingerprint: () => fingerprintOf(url, bytes) };
      }
      const job = { ...place, url, contentType, ...owned(bytes) };
      return bodyOf(await thread.run(job, [job.bytes.buffer]).catch(translate));
    },
    close: () => thread.close(),
  };
}

/** The bytes in a piece of memory of their own, which can be handed over. */
function owned(bytes: Buffer): { bytes: Uint8Array<ArrayBuffer> } {
  const { buffer, byteLength } = bytes;
  const isOwn = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
  return { bytes: isOwn ? new Uint8Array(buffer) : new Uint8Array(bytes) };
}

function bodyOf(result: BodyResult): FingerprintedBody {
  switch (result.kind) {
    case 'parsed':
      // What the thread packed is what `parseBody` gave.
      return { ...(unpack(result.body) as ParsedBody), fingerprint: () => result.fingerprint };
    case 'refused':
      throw new RefusedError(result.status, result.detail);
    case 'invalid':
      throw new InvalidRequestError(unpack(result.problems) as WireError[], unpack(result.shown));
  }
}

function translate(error: unknown): never {
  if (error instanceof JobFailedError) {
    throw new RefusedError(413, `The body cannot be read: ${error.message}.`);
  }
  if (!(error instanceof JobRefusedError)) throw error;
  throw error.reason === 'closed'
    ? new TemporarilyUnavailableError('The server is stopping.', 1)
    : new TemporarilyUnavailableError('Too many large requests are being read at once.', 2);
}
