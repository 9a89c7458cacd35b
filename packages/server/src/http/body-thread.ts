import { parentPort, workerData } from 'node:worker_threads';
import type { OperationTable } from '@mintaka/contract';
import { RefusedError } from '../domain/errors.ts';
import { pack } from './body-transport.ts';
import { InvalidRequestError } from './errors.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { BodyJob, BodyResult, BodyThreadData } from './large-bodies.ts';
import { parseBody } from './parsed-body.ts';
import { operationsWith } from './read-operations.ts';

const { rules, taskCacheKeyMaxLength }: BodyThreadData = workerData;
const operations: OperationTable = operationsWith(taskCacheKeyMaxLength);

parentPort?.on('message', (job: BodyJob) => parentPort?.postMessage(resultOf(job)));

function resultOf({ resource, name, url, contentType, bytes }: BodyJob): BodyResult {
  const operation = operations[resource]?.[name];
  if (operation === undefined) throw new Error(`unknown operation ${resource}.${name}`);
  const sent = { bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), contentType };
  try {
    const body = parseBody(operation, sent, rules);
    return { kind: 'parsed', body: pack(body), fingerprint: fingerprintOf(url, sent.bytes) };
  } catch (error) {
    if (error instanceof RefusedError)
      return { kind: 'refused', status: error.status, detail: error.message };
    if (error instanceof InvalidRequestError) {
      return { kind: 'invalid', problems: pack(error.errors), shown: pack(error.body) };
    }
    throw error;
  }
}
