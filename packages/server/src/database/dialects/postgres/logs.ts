import { type InsertLogs, logColumns } from '../logs.ts';

const insertLines = `
  insert into log (${logColumns})
  select line.id, line.created, line.created, line.name, line.level, line.flow_run_id, line.task_run_id, line.message,
    line.timestamp
  -- an array for each column, so that one statement takes any number of lines
  from unnest(
    cast($1 as uuid[]), cast($2 as timestamptz[]), cast($3 as varchar[]), cast($4 as smallint[]), cast($5 as uuid[]),
    cast($6 as uuid[]), cast($7 as text[]), cast($8 as timestamptz[])
  ) as line (id, created, name, level, flow_run_id, task_run_id, message, timestamp)`;

/** differs because a round trip costs more than a statement: one statement for all lines. */
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
