import type { Timestamp } from '@mintaka/contract';
import type { Writer } from '../statements.ts';

/** A log line to be written. */
export type NewLog = {
  id: string;
  name: string;
  level: number;
  flow_run_id: string;
  task_run_id: string | null;
  message: string;
  timestamp: Timestamp;
};

/** Writes log lines, however many; the statements are sent without waiting. */
export type InsertLogs = (session: Writer, lines: readonly NewLog[], now: Timestamp) => void;

const columns = 'id, created, updated, name, level, flow_run_id, task_run_id, message, timestamp';

const insertLine = `insert into log (${columns}) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** One short statement for each line: in SQLite it costs a few microseconds, and no limit on parameters is ever met. */
export const insertLogsIntoSqlite: InsertLogs = (session, lines, now) => {
  for (const { id, name, level, flow_run_id, task_run_id, message, timestamp } of lines) {
    const parameters = [id, now, now, name, level, flow_run_id, task_run_id, message, timestamp];
    session.send({ sql: insertLine, parameters });
  }
};

const insertLines = `
  insert into log (${columns})
  select line.id, line.created, line.created, line.name, line.level, line.flow_run_id, line.task_run_id, line.message,
    line.timestamp
  from unnest(
    cast($1 as uuid[]), cast($2 as timestamptz[]), cast($3 as varchar[]), cast($4 as smallint[]), cast($5 as uuid[]),
    cast($6 as uuid[]), cast($7 as text[]), cast($8 as timestamptz[])
  ) as line (id, created, name, level, flow_run_id, task_run_id, message, timestamp)`;

// differs because a round trip costs more than a statement: all lines travel as eight arrays.
/** One statement for all lines, an array for each column. */
export const insertLogsIntoPostgres: InsertLogs = (session, lines, now) => {
  const parameters = [
    lines.map((line) => line.id),
    lines.map(() => now),
    lines.map((line) => line.name),
    lines.map((line) => line.level),
    lines.map((line) => line.flow_run_id),
    lines.map((line) => line.task_run_id),
    lines.map((line) => line.message),
    lines.map((line) => line.timestamp),
  ];
  session.send({ sql: insertLines, parameters });
};
