import { parentPort, workerData } from 'node:worker_threads';
import {
  ResultTooLargeError,
  TemporaryDatabaseError,
  type TemporaryFault,
  UnstorableValueError,
} from '../errors.ts';
import type { Statement } from '../statements.ts';
import { type RawRows, SqliteConnection } from './sqlite-connection.ts';

/** The start data of the thread. */
export type ThreadData = { path: string; readOnly: boolean };

/** A query for the thread. */
export type ThreadQuestion = { id: number } & Statement;

/**
 * The thread's answer: undecoded rows, or an error. An error loses its class when it is sent; `kind` and `fault` identify
 * ours.
 */
export type ThreadAnswer = { id: number } & (RawRows | ThreadFailure);

/** Why a question has no answer. */
export type ThreadFailure = {
  error: unknown;
  kind: 'unstorable' | 'too large' | 'other';
  fault: TemporaryFault | undefined;
};

const { path, readOnly }: ThreadData = workerData;
const connection = new SqliteConnection(path, { readOnly });

parentPort?.on('message', (question: ThreadQuestion) => {
  try {
    parentPort?.postMessage(answer(question));
  } catch (error) {
    // Anything that cannot be sent is sent as text, so that no caller waits for ever.
    parentPort?.postMessage({ id: question.id, ...failure(new Error(String(error))) });
  }
});

function answer({ id, ...statement }: ThreadQuestion): ThreadAnswer {
  try {
    return { id, ...connection.raw(statement) };
  } catch (error) {
    return { id, ...failure(error) };
  }
}

function failure(error: unknown): ThreadFailure {
  const temporary = error instanceof TemporaryDatabaseError;
  return {
    error: temporary ? error.cause : error,
    kind: kindOf(error),
    fault: temporary ? error.fault : undefined,
  };
}

function kindOf(error: unknown): ThreadFailure['kind'] {
  if (error instanceof UnstorableValueError) return 'unstorable';
  return error instanceof ResultTooLargeError ? 'too large' : 'other';
}
