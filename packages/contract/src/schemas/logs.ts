import type * as z from 'zod';
import { dateTimeTz, integer, list, model, parameters, text, uuid } from '../wire/index.ts';
import { identity, limit, offset } from './fields.ts';
import { LogFilter } from './filters/index.ts';
import { LogSort } from './sorts.ts';

/** A log record to store. */
export const LogCreate = model(
  'LogCreate',
  {
    name: text(),
    level: integer(),
    message: text(),
    timestamp: dateTimeTz(),
    flow_run_id: uuid(),
    task_run_id: uuid().nullish(),
  },
  { extra: 'forbid' },
);
export type LogCreate = z.output<typeof LogCreate>;
/** LogCreate as a client sends it. */
export type LogCreateInput = z.input<typeof LogCreate>;

/** Log records to store together. */
export const LogsBody = list(LogCreate);
export type LogsBody = z.output<typeof LogsBody>;
/** LogsBody as a client sends it. */
export type LogsBodyInput = z.input<typeof LogsBody>;

/** A log record. */
export const Log = model('Log', {
  ...identity,
  name: text(),
  level: integer(),
  message: text(),
  timestamp: dateTimeTz(),
  flow_run_id: uuid(),
  task_run_id: uuid().nullable(),
});
export type Log = z.output<typeof Log>;

/** Which log records, in which order, which page. */
export const LogFilterBody = parameters('LogFilterBody', {
  limit,
  offset,
  logs: LogFilter.optional(),
  sort: LogSort.default('TIMESTAMP_ASC'),
});
export type LogFilterBody = z.output<typeof LogFilterBody>;
/** LogFilterBody as a client sends it. */
export type LogFilterBodyInput = z.input<typeof LogFilterBody>;
