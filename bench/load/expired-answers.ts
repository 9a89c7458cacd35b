import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import type { BenchDatabase, Dialect } from '../subjects/databases.ts';

const onSqlite = (count: number) => `
  WITH RECURSIVE number (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM number LIMIT ${count})
  INSERT INTO mintaka_answered_request
    (run_id, state_id, request_id, fingerprint, answer_lost, status, details, answered)
  SELECT lower(hex(randomblob(18))), lower(hex(randomblob(18))), 'expired', 'expired', 0, 'ACCEPT', '{}',
    strftime('%Y-%m-%d %H:%M:%S.000000', 'now', '-1 day', '+' || (value / 1000) || ' seconds')
  FROM number`;

const onPostgres = (count: number) => `
  INSERT INTO mintaka_answered_request
    (run_id, state_id, request_id, fingerprint, answer_lost, status, details, answered)
  SELECT gen_random_uuid(), gen_random_uuid(), 'expired', 'expired', false, 'ACCEPT', '{}',
    now() - interval '1 day' + number * interval '1 millisecond'
  FROM generate_series(1, ${count}) AS number;
  ANALYZE mintaka_answered_request`;

/** Stores so many answers that expired long ago in a database that has the tables, past the server. */
export async function storeExpiredAnswers(
  { driverTarget }: BenchDatabase,
  dialect: Dialect,
  count: number,
): Promise<void> {
  if (dialect === 'sqlite') {
    const database = new DatabaseSync(driverTarget);
    database.exec(onSqlite(count));
    database.close();
    return;
  }
  const client = new pg.Client({ connectionString: driverTarget });
  await client.connect();
  await client.query(onPostgres(count));
  await client.end();
}
