import type { Flow, JsonText, Timestamp } from '@mintaka/contract';
import { textsOf } from './values.ts';

export type { Flow as FlowResponse } from '@mintaka/contract';

/** A row of `flow`. */
export type FlowRow = {
  id: string;
  created: Timestamp;
  updated: Timestamp;
  name: string;
  tags: JsonText;
};

/** A flow in the API's form. */
export function flowFromRow(row: FlowRow): Flow {
  return {
    id: row.id,
    created: row.created,
    updated: row.updated,
    name: row.name,
    tags: textsOf(row.tags),
  };
}
