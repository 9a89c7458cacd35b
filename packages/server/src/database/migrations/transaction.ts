import type { AdminConnection } from '../database.ts';

/** Runs `work` and commits; if it throws, rolls back and passes the error on. The transaction is already open. */
export async function commitAfter<Result>(
  connection: AdminConnection,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    const result = await work();
    await connection.exec('COMMIT');
    return result;
  } catch (error) {
    // The first error is the cause; a transaction that cannot be rolled back has already ended.
    await connection.exec('ROLLBACK').catch(() => {});
    throw error;
  }
}
