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

/** Writes any number of log lines, without waiting for the result. */
export type InsertLogs = (session: Writer, lines: readonly NewLog[], now: Timestamp) => void;

/** The columns that are written. */
export const logColumns = 'id, created, updated, name, level, flow_run_id, task_run_id, message, timestamp';
