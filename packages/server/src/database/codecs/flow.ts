import { type Flow, type JsonValue, type Timestamp, wireTimestamp } from '@mintaka/contract';
import { texts } from './values.ts';

export type { Flow as FlowResponse } from '@mintaka/contract';

/** A row of `flow`. */
export type FlowRow = {
  id: string;
  created: Timestamp;
  updated: Timestamp;
  name: string;
  tags: JsonValue;
};

/** A flow as the API answers it. */
export function flowFromRow(row: FlowRow): Flow {
  return {
    id: row.id,
    created: wireTimestamp(row.created),
    updated: wireTimestamp(row.updated),
    name: row.name,
    tags: texts(row.tags),
  };
}
