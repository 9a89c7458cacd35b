import type * as z from 'zod';
import { integer } from '../../wire/index.ts';
import { anyId, filter, operatorFilter, timeSpan } from './criteria.ts';

/** Which log records. */
export const LogFilter = operatorFilter('LogFilter', {
  level: filter('LogFilterLevel', { ge_: integer().nullish(), le_: integer().nullish() }).nullish(),
  timestamp: timeSpan('LogFilterTimestamp').nullish(),
  flow_run_id: anyId('LogFilterFlowRunId').nullish(),
  task_run_id: anyId('LogFilterTaskRunId').nullish(),
});
export type LogFilter = z.output<typeof LogFilter>;
/** LogFilter as a client sends it. */
export type LogFilterInput = z.input<typeof LogFilter>;
