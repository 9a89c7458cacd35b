import { randomUUID } from 'node:crypto';
import { taskRunPath } from './bodies.ts';

/** One state change as the bare drivers write it; timestamps are in the databases' own form. */
export type RawChange = {
  stateId: string;
  taskRunId: string;
  type: string;
  name: string;
  details: string;
  now: string;
};

/** The changes of one task run, from Pending to its end. */
export function changesOf(taskRunId: string, flowRunId: string): RawChange[] {
  return taskRunPath.map((type) => ({
    stateId: randomUUID(),
    taskRunId,
    type,
    name: type.charAt(0) + type.slice(1).toLowerCase(),
    details: stateDetails(taskRunId, flowRunId),
    now: timestamp(),
  }));
}

/** A state's details as the server stores them. */
export function stateDetails(taskRunId: string, flowRunId: string): string {
  return (
    `{"flow_run_id": "${flowRunId}", "task_run_id": "${taskRunId}", "child_flow_run_id": null, ` +
    '"scheduled_time": null, "cache_key": null, "cache_expiration": null, "untrackable_result": false, ' +
    '"pause_timeout": null, "pause_reschedule": false, "pause_key": null, "refresh_cache": null}'
  );
}

let microsecond = 0;

/** The current time in UTC to the microsecond, in the form that SQLite stores; every call returns a different one. */
export function timestamp(): string {
  microsecond = (microsecond + 1) % 1000;
  return new Date().toISOString().replace('T', ' ').replace('Z', String(microsecond).padStart(3, '0'));
}
