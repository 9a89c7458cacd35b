import { parentPort, workerData } from 'node:worker_threads';
import type { Statement } from '../conversation.ts';
import { UnstorableValueError } from '../errors.ts';
import { type RawRows, SqliteConnection } from './sqlite-connection.ts';

/**
 * What the reader's thread answers: rows that are not decoded yet, or why there are none. An error loses its class on the
 * way; `unstorable` tells that it was an UnstorableValueError.
 */
export type ReaderAnswer = { id: number } & (RawRows | { error: unknown; unstorable: boolean });

const connection = new SqliteConnection(String(workerData));

parentPort?.on('message', (question: { id: number } & Statement) => {
  parentPort?.postMessage(answer(question));
});

function answer({ id, ...statement }: { id: number } & Statement): ReaderAnswer {
  try {
    return { id, ...connection.raw(statement) };
  } catch (error) {
    return { id, error, unstorable: error instanceof UnstorableValueError };
  }
}
