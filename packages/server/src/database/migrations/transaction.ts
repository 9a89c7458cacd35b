import type { AdminConnection } from '../database.ts';

/** Runs `work` and commits; where it throws, rolls back and hands the error on. The transaction is open already. */
export async function commitAfter<Result>(
  connection: AdminConnection,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    const result = await work();
    await connection.exec('COMMIT');
    return result;
  } catch (error) {
    // The first error tells what happened; a transaction that cannot be rolled back is gone already.
    await connection.exec('ROLLBACK').catch(() => {});
    throw error;
  }
}
