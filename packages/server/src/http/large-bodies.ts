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

/** The size from which a body is read in a thread: smaller ones block the event loop for at most a few milliseconds. */
const largeBytes = 256 * 1024;
/** The limits of reading one body. */
const limits: JobLimits = { seconds: 30, mebibytes: 1024, waiting: 100 };

/** The position of an operation in the table of operations. */
export type OperationPlace = { readonly resource: string; readonly name: string };

/** The start data of the thread. */
export type BodyThreadData = { rules: BodyRules; taskCacheKeyMaxLength: number };

/** A body to be read by the schema of an operation. */
export type BodyJob = OperationPlace & { url: string; contentType: string | undefined; bytes: Uint8Array };

/** The thread's result: a parsed body, or the error to throw. */
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

/** A body with the fingerprint of its request, which is computed on demand. */
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

/** The bytes in their own buffer, which can be transferred. */
function owned(bytes: Buffer): { bytes: Uint8Array<ArrayBuffer> } {
  const { buffer, byteLength } = bytes;
  const isOwn = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
  return { bytes: isOwn ? new Uint8Array(buffer) : new Uint8Array(bytes) };
}

function bodyOf(result: BodyResult): FingerprintedBody {
  switch (result.kind) {
    case 'parsed':
      // The thread packed the output of `parseBody`.
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
