import { parentPort, workerData } from 'node:worker_threads';
import { UnstorableValueError } from '../errors.ts';
import type { Statement } from '../session.ts';
import { type RawRows, SqliteConnection } from './sqlite-connection.ts';

/**
 * What the reader's thread answers: rows that are not decoded yet, or why there are none. An error loses its class on the
 * way; `unstorable` tells that it was an UnstorableValueError.
 */
export type ReaderAnswer = { id: number } & (RawRows | { error: unknown; unstorable: boolean });

/** What the thread is started with. */
export type ReaderData = { path: string; readOnly: boolean };

const { path, readOnly }: ReaderData = workerData;
const connection = new SqliteConnection(path, { readOnly });

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
