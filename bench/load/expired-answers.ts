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

// An hour ahead, so that they do not expire during the measurement.
const lostOnSqlite = (count: number) => `
  WITH RECURSIVE number (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM number LIMIT ${count})
  INSERT INTO mintaka_lost_answer (id, fingerprint, status, body, answered)
  SELECT lower(hex(randomblob(18))), 'lost ' || value, 201, '{}', strftime('%Y-%m-%d %H:%M:%S.000000', 'now', '+1 hour')
  FROM number`;

const lostOnPostgres = (count: number) => `
  INSERT INTO mintaka_lost_answer (id, fingerprint, status, body, answered)
  SELECT gen_random_uuid(), 'lost ' || number, 201, '{}', now() + interval '1 hour'
  FROM generate_series(1, ${count}) AS number`;

/** Inserts a number of long-expired answers directly into a database that has the tables. */
export function storeExpiredAnswers(database: BenchDatabase, dialect: Dialect, count: number): Promise<void> {
  return execute(database, dialect, dialect === 'sqlite' ? onSqlite(count) : onPostgres(count));
}

/** Inserts a number of lost answers that no client will request directly into the database. */
export function storeLostAnswers(database: BenchDatabase, dialect: Dialect, count: number): Promise<void> {
  return execute(database, dialect, dialect === 'sqlite' ? lostOnSqlite(count) : lostOnPostgres(count));
}

async function execute({ driverTarget }: BenchDatabase, dialect: Dialect, sql: string): Promise<void> {
  if (dialect === 'sqlite') {
    const database = new DatabaseSync(driverTarget);
    database.exec(sql);
    database.close();
    return;
  }
  const client = new pg.Client({ connectionString: driverTarget });
  await client.connect();
  await client.query(sql);
  await client.end();
}
