import { type InsertLogs, logColumns } from '../logs.ts';

const insertLine = `insert into log (${logColumns}) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** One short statement per line: in SQLite it takes a few microseconds, and the number of parameters stays small. */
export const insertLogsIntoSqlite: InsertLogs = (session, lines, now) => {
  for (const { id, name, level, flow_run_id, task_run_id, message, timestamp } of lines) {
    const parameters = [id, now, now, name, level, flow_run_id, task_run_id, message, timestamp];
    session.send({ sql: insertLine, parameters });
  }
};
